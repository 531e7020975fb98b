package import ShutdownTrace

/// The traffic that the clients intend: arrivals, and connections that are held open.
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

        package var kind: ClientKind {
            switch self {
            case .fast: .fast
            case .report: .report
            case .payment: .payment
            }
        }

        /// The seconds from which its duration is drawn.
        var range: ClosedRange<Double>? {
            switch self {
            case .fast: nil
            case .report(let range), .payment(let range, _): range
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

    /// Arrivals a second, all errands together; 0 for none.
    package var rate: Double
    package var mix: [Share]
    package var websockets = 0
    /// Keep-alive connections that send a request only now and then.
    package var idleConnections = 0
    /// The time between two requests of such a connection, different for each.
    package var idlePause: Time = .seconds(2)
    /// Clients that read a big answer slowly, over and over.
    package var slowReaders = 0
    /// The size of that answer in bytes.
    ///
    /// It exceeds the 4 MB that Linux buffers for a sender (tcp(7), `tcp_wmem`), so that the server itself has to wait.
    package var readerBytes = 8_000_000
    /// Seconds that a slow reader takes for it.
    package var readerSeconds = 8.0
    /// Connections that are opened and never used.
    package var silent = 0
    /// Connections on which a request is begun and never finished.
    package var halfSent = 0
    /// Clients that send two requests in one write, over and over.
    package var pipelined = 0
    /// Clients that send a large body slowly, over and over: payments of the demo.
    package var slowUploads = 0
    package var uploadSeconds = 1.0
    /// Clients that read slowly and begin another request when the server drains, which the server will not read.
    package var strays = 0
    /// The time between the drain and that request: the server must have stopped reading by then, and still be writing.
    package var strayDelay: Time = .seconds(0.2)
    /// The time between the first answers of two such clients, so that one of them is always far from its end.
    package var strayDistance: Time = .zero
    /// Idle keep-alive connections, each used once more at a random instant close to the first signal.
    package var racers = 0
    /// The longest time between that instant and the signal.
    package var racerWindow: Time = .milliseconds(10)
    /// The average time of the job that follows from a payment; nil leaves it to the server.
    package var receipt: Time?
    /// Whether the server computes reports itself; otherwise it waits, and the time passes also while it is stopped.
    package var reportsAreComputed = false
    /// The path that one client posts to when the first signal has been sent; nil for nothing.
    package var farewell: String?
    /// What is asked of a server other than the demo's; nil for the demo's own paths.
    package var target: Target?
    /// Requests of the target that are always in flight: the next is sent when one is answered.
    package var slow = 0
    /// Requests of the target a second, each on a new connection.
    package var fresh = 0
    /// How long a target may answer 502, 503 or 504 before that is taken for its answer.
    package var warmUp: Time = .seconds(10)
    /// How long a client waits for an answer beyond the duration that it asked for.
    package var patience: Time = .seconds(60)

    package init(rate: Double, mix: [Share]) {
        self.rate = rate
        self.mix = mix
    }

    /// The time of the job that follows from this payment.
    ///
    /// It varies by up to two fifths, or the workers would all end their jobs at once.
    package func receipt(of intent: Arrivals.Intent) -> Time? {
        receipt.map { .seconds($0.seconds * (0.6 + 0.8 * intent.patience)) }
    }

    package static let none = Workload(rate: 0, mix: [])

    /// The traffic that a person watches: mostly fast reads, and about nine slow requests in flight at 40 a second.
    ///
    /// No request takes longer than can be finished within the drain limit.
    package static func demo(rate: Double, drain: Time) -> Workload {
        let longest = min(7, max(0.2, drain.seconds * 0.7))
        let shortest = min(1, longest / 3)
        let mean = (shortest + longest) / 2
        let reports = 6 / mean / 40
        let payments = 3 / mean / 40
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

    /// The traffic of a headless check: more than a dozen slow requests in flight at any time, none above 1.5 s.
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
