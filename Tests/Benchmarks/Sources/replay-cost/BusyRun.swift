import Platform
import ShutdownTrace

/// A made-up recording of a busy server: requests and payments seen from both sides, then a signal, a drain and an exit.
///
/// The same seed gives the same bytes. Lines stand in the order in which a merger of two pipes writes them: those of the
/// server come some milliseconds late.
struct BusyRun {
    /// Requests a second; a fifth as many are in flight.
    private let rate: Int
    private static let lateness = Time.milliseconds(4)

    private var random: SplitMix
    private var now = Time.zero
    private var request = 0
    private var order = 0
    /// What is still to be written, by the millisecond in which it comes.
    private var coming: [Int64: [Event]] = [:]
    private var waiting = 0
    private var sequences: [Source: Int] = [:]
    private(set) var written = 0
    private let write: ([UInt8]) -> Void

    /// Writes a run of so many events, or a few more.
    ///
    /// - Parameters:
    ///   - count: At least some hundred.
    ///   - seed: The same seed, the same run.
    ///   - rate: Requests a second.
    ///   - write: Takes one line after the other.
    init(events count: Int, seed: UInt64, rate: Int, write: @escaping ([UInt8]) -> Void) {
        (random, self.rate, self.write) = (SplitMix(seed: seed), rate, write)
        begin()
        let ending = 60
        while written + waiting < count - ending { ask() }
        end()
    }

    private mutating func begin() {
        var fields = Budgets(drain: .seconds(30)).fields
        fields[.grace] = 45
        fields[.port] = 8080
        write(
            LineWriter.line(
                Header(
                    started: "2026-01-31T17:02:11.250Z", clock: .seconds(81_240), title: "busy",
                    command: "drainboard serve --scenario busy", pid: 41213, fields: fields)))
        tell(.runBegan, .supervisor, after: .zero)
        tell(.processSpawned, .supervisor, after: .milliseconds(1), [.pid: 41213])
        for (index, name) in Self.resources.enumerated() {
            tell(
                .resourceAcquired, .server, after: .milliseconds(Int64(index) + 2),
                [.name: .string(name), .index: .number(index + 1)])
        }
        tell(.listenerOpened, .server, after: .milliseconds(12), [.port: 8080])
        tell(.processServing, .supervisor, after: .milliseconds(30), [.port: 8080, .took: 0.03])
        tell(.rotationEntered, .balancer, after: .milliseconds(40))
        advance(by: .milliseconds(100))
    }

    private static let resources = ["log", "ledger", "workers", "scheduler", "websockets", "listener", "rotation"]

    /// One client sends one request.
    private mutating func ask() {
        advance(by: Time(microseconds: .random(in: 1...2_000_000 / Int64(rate), using: &random)))
        request += 1
        switch random.next() % 20 {
        case 0: pay()
        case 1, 2: report()
        default: exchange("GET", "/", "fast", took: .random(in: 300...3_000, using: &random), [:])
        }
    }

    private mutating func report() {
        let milliseconds = Int64.random(in: 100...4_000, using: &random)
        exchange(
            "GET", "/report?ms=\(milliseconds)", "report", took: 1_000 * milliseconds,
            [.expected: .double(Double(milliseconds) / 1_000)])
    }

    private mutating func pay() {
        order += 1
        let took = Int64.random(in: 20_000...200_000, using: &random)
        let id: Fields.Value = .number(request)
        let order: Fields.Value = .number(order)
        func share(_ tenths: Int64) -> Time { Time(microseconds: took * tenths / 10) }
        tell(.paymentIntended, .client, after: .zero, [.order: order, .id: id, .key: .string("order-\(self.order)")])
        tell(.transactionBegan, .server, after: share(3), [.id: id])
        tell(.transactionCommitted, .server, after: share(6), [.id: id])
        tell(.paymentCharged, .server, after: share(6), [.order: order, .id: id, .amount: 1_250])
        exchange("POST", "/payments", "payment", took: took, [.order: order])
        tell(.paymentSettled, .client, after: share(11), [.order: order, .belief: "paid"])
    }

    /// Both sides' events of one request that takes so many microseconds.
    private mutating func exchange(
        _ method: String, _ path: String, _ kind: String, took: Int64, _ more: Fields
    ) {
        let id: Fields.Value = .number(request)
        let (fate, status): (Fields.Value, Fields.Value) =
            switch random.next() % 500 {
            case 0: ("unavailable", 503)
            case 1: ("failed", 500)
            default: ("answered", kind == "payment" ? 201 : 200)
            }
        tell(
            .requestStarted, .client, after: .zero,
            Fields(
                [
                    .init(.id, id), .init(.method, .string(method)), .init(.path, .string(path)),
                    .init(.kind, .string(kind)),
                ] + more.entries))
        tell(
            .requestStarted, .server, after: Time(microseconds: 250),
            [.id: id, .method: .string(method), .path: .string(path)])
        if took > 1_000_000 {
            tell(.requestAnswering, .client, after: Time(microseconds: took / 2), [.id: id, .status: status])
        }
        tell(
            .requestFinished, .server, after: Time(microseconds: took - 100),
            [.id: id, .status: status, .took: .double(Double(took - 100) / 1_000_000)])
        tell(
            .requestFinished, .client, after: Time(microseconds: took),
            [.id: id, .fate: fate, .status: status, .took: .double(Double(took) / 1_000_000), .bytes: 23])
    }

    private mutating func end() {
        tell(.signalSent, .supervisor, after: .zero, [.signal: 15, .pid: 41213, .by: "user"])
        tell(.signalReceived, .server, after: .milliseconds(1), [.signal: 15, .ordinal: 1])
        var fields = Budgets(drain: .seconds(30)).fields
        fields[.cause] = "SIGTERM"
        tell(.shutdownBegan, .server, after: .milliseconds(1), fields)
        tell(.readinessLowered, .server, after: .milliseconds(2))
        tell(.rotationLeft, .balancer, after: .milliseconds(400), [.failures: 2])
        tell(.leadEnded, .server, after: .milliseconds(1_000))
        tell(.listenerClosed, .server, after: .milliseconds(1_001))
        tell(.drainBegan, .server, after: .milliseconds(1_002), [.open: .number(rate / 5)])
        advance(by: .seconds(5))
        tell(.drainEnded, .server, after: .zero)
        for (index, name) in Self.resources.reversed().enumerated() {
            let at = Int64(2 * index)
            tell(.resourceReleasing, .server, after: .milliseconds(at), [.name: .string(name)])
            tell(.resourceReleased, .server, after: .milliseconds(at + 1), [.name: .string(name), .took: 0.001])
        }
        tell(.shutdownEnded, .server, after: .milliseconds(20), [.outcome: "graceful"])
        tell(.processExited, .kernel, after: .milliseconds(30), [.how: "exited", .code: 0])
        tell(.runEnded, .supervisor, after: .milliseconds(40))
        advance(by: .seconds(1))
    }

    private mutating func tell(_ kind: EventKind, _ source: Source, after delay: Time, _ fields: Fields = [:]) {
        let event = Event(kind, from: source, at: now + delay, fields)
        let arrival = event.time + (source == .server ? Self.lateness : .zero)
        coming[arrival.microseconds / 1_000, default: []].append(event)
        waiting += 1
    }

    /// Moves the clock, and writes what has come by then.
    private mutating func advance(by span: Time) {
        let before = now.microseconds / 1_000
        now += span
        for millisecond in before..<now.microseconds / 1_000 {
            guard let events = coming.removeValue(forKey: millisecond) else { continue }
            waiting -= events.count
            for event in events.sorted(by: { $0.time < $1.time }) { put(event) }
        }
    }

    private mutating func put(_ event: Event) {
        var event = event
        sequences[event.source, default: 0] += 1
        event.sequence = sequences[event.source] ?? 0
        written += 1
        write(LineWriter.line(event))
    }
}
