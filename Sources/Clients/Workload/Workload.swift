package import ShutdownTrace

/// The traffic that the clients intend: what arrives how often, and what is held open all the time.
///
/// Arrivals are a Poisson process: clients do not wait for each other's answers, so a slow server gets no less work.
package struct Workload: Hashable, Sendable {
    /// What one client comes for.
    package enum Errand: Hashable, Sendable {
        /// `GET /`.
        case fast
        /// `GET /report?ms=` for a random span of this range.
        case report(ClosedRange<Double>)
        /// `POST /payments?ms=&after=` that takes a random span of this range, with an `Idempotency-Key` or without.
        case payment(ClosedRange<Double>, keyed: Bool)

        /// The word in a trace.
        package var kind: ClientKind {
            switch self {
            case .fast: .fast
            case .report: .report
            case .payment: .payment
            }
        }
    }

    /// An errand, and how often it is drawn compared with the others.
    package struct Share: Hashable, Sendable {
        package var weight: Double
        package var errand: Errand

        package init(_ weight: Double, _ errand: Errand) {
            self.weight = weight
            self.errand = errand
        }
    }

    /// Arrivals a second, of all errands together; 0 for none.
    package var rate: Double
    package var mix: [Share]
    /// WebSockets held open.
    package var websockets = 0
    /// Keep-alive connections that send a request only now and then.
    package var idleConnections = 0
    /// Between two requests of such a connection; a little more for each further one.
    package var idlePause: Time = .seconds(2)
    /// Clients that read a big answer slowly, over and over.
    package var slowReaders = 0
    /// The size of that answer in bytes.
    ///
    /// More than the 4 MB that Linux buffers for a sender (tcp(7), `tcp_wmem`): so the server itself has to wait.
    package var readerBytes = 8_000_000
    /// Seconds that a slow reader takes for it.
    package var readerSeconds = 8.0
    /// Connections that are opened and never used.
    package var silent = 0
    /// Connections on which a request was begun that is never finished.
    package var halfSent = 0
    /// Clients that send two requests in one write, over and over.
    package var pipelined = 0
    /// Clients that send a large body slowly, over and over: payments of the demo.
    package var slowUploads = 0
    /// Seconds that one upload takes.
    package var uploadSeconds = 1.0
    /// Clients that read slowly and, when the server tells that it drains, begin one more request that nobody will read.
    package var strays = 0
    /// Between that and that request; the server must have stopped reading by then, and not be done writing.
    package var strayDelay: Time = .seconds(0.2)
    /// Between the first answers of two such clients: so that one of them is always far from its end.
    package var strayDistance: Time = .zero
    /// Idle keep-alive connections, each used once more at a random instant close to the first signal.
    package var racers = 0
    /// How far from the signal that is, before or after it.
    package var racerWindow: Time = .milliseconds(10)
    /// How long the job takes that follows from a payment, on average; nil for what the server takes anyway.
    package var receipt: Time?
    /// Whether a report is computed by the server, so that it takes time in which the server runs; else it waits for
    /// somebody else, who goes on while the server is stopped.
    package var reportsAreComputed = false
    /// The path that one client posts to when the first signal has been sent; nil for nothing.
    package var farewell: String?
    /// What is asked for where the server is not the demo's; nil for the demo's own paths.
    package var target: Target?
    /// Requests of the target that are always in flight: the next is sent when one is answered.
    package var slow = 0
    /// Requests of the target on a connection of their own, a second.
    package var fresh = 0
    /// How long a client waits for an answer beyond what it asked for.
    package var patience: Time = .seconds(60)

    package init(rate: Double, mix: [Share]) {
        self.rate = rate
        self.mix = mix
    }

    /// How long the job takes that follows from this payment.
    ///
    /// Each takes another time, up to two fifths more or less, or the workers would all end their jobs at once.
    package func receipt(of intent: Arrivals.Intent) -> Time? {
        receipt.map { .seconds($0.seconds * (0.6 + 0.8 * intent.patience)) }
    }

    /// No clients at all.
    package static let none = Workload(rate: 0, mix: [])

    /// What a person watches: mostly fast reads, about nine slow requests in flight at 40 a second.
    ///
    /// - Parameters:
    ///   - rate: Requests a second, more than 0.
    ///   - drain: The server's drain limit: nobody asks for more than it can finish within that.
    /// - Returns: The workload.
    package static func demo(rate: Double, drain: Time) -> Workload {
        let longest = min(7, max(0.2, drain.seconds * 0.7))
        let shortest = min(1, longest / 3)
        let mean = (shortest + longest) / 2
        let (reports, payments) = (6 / mean / 40, 3 / mean / 40)
        let span = shortest...longest
        var workload = Workload(
            rate: rate,
            mix: [
                Share(max(0, 1 - reports - payments), .fast), Share(reports, .report(span)),
                Share(payments / 2, .payment(span, keyed: true)), Share(payments / 2, .payment(span, keyed: false)),
            ])
        workload.websockets = 3
        workload.idleConnections = 4
        workload.slowReaders = 1
        workload.readerSeconds = longest
        return workload
    }

    /// What a headless check uses: more than a dozen slow requests in flight at any time, none above 1.5 s.
    package static let brisk: Workload = {
        var workload = Workload(
            rate: 60,
            mix: [
                Share(24, .fast), Share(24, .report(0.3...1.5)), Share(6, .payment(0.3...1.5, keyed: true)),
                Share(6, .payment(0.3...1.5, keyed: false)),
            ])
        workload.websockets = 3
        workload.idleConnections = 4
        workload.slowReaders = 1
        workload.readerSeconds = 1
        return workload
    }()
}
