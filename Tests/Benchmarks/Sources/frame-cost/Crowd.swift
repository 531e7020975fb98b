import ShutdownBoard
import ShutdownTrace

/// A run with very many requests in flight, as events: some end and as many begin between two frames.
struct Crowd {
    private(set) var board: Board
    private(set) var now = Time.seconds(20)
    private var sequence = 0
    private var oldest = 1
    private var newest = 0

    /// The events between two frames of a busy run, 12 frames a second.
    static let batch = 200

    /// The board of a server that was told to stop while so many requests were in flight.
    init(inFlight count: Int) {
        let budgets = Budgets(drain: .seconds(30))
        var fields = budgets.fields
        fields[.grace] = .time(budgets.grace)
        board = Board(
            header: Header(
                started: "2026-01-31T17:02:11.250Z", clock: .seconds(81_240), title: "polite",
                command: "drainboard serve", fields: fields), [])
        tell(.runBegan, .supervisor)
        tell(.processSpawned, .supervisor, [.pid: 41213])
        for (index, name) in ["log", "ledger", "workers", "scheduler", "websockets", "listener", "rotation"]
            .enumerated()
        {
            tell(.resourceAcquired, .server, [.name: .string(name), .index: .number(index + 1)])
        }
        tell(.listenerOpened, .server, [.port: 8080])
        tell(.processServing, .supervisor, [.port: 8080, .took: 0.05])
        tell(.rotationEntered, .balancer)
        for _ in 0..<count { begin() }
        tell(.signalSent, .supervisor, [.signal: 15, .pid: 41213, .by: "user"])
        tell(.signalReceived, .server, [.signal: 15, .ordinal: 1])
        tell(.shutdownBegan, .server, Fields([.init(.cause, "SIGTERM")] + budgets.fields.entries))
        tell(.readinessLowered, .server)
        tell(.leadEnded, .server)
        tell(.listenerClosed, .server)
        tell(.drainBegan, .server, [.open: .number(count)])
    }

    /// What one frame has to take in: requests that end, and others that begin.
    mutating func batch() -> [Event] {
        now += .milliseconds(1)
        var events: [Event] = []
        for _ in 0..<Self.batch / 2 {
            events.append(finished())
            events.append(started())
        }
        return events
    }

    mutating func take(_ events: [Event]) {
        for event in events { board.apply(event) }
    }

    private mutating func begin() {
        board.apply(started())
    }

    private mutating func started() -> Event {
        newest += 1
        now += Time(microseconds: 100)
        let (method, path, kind) = newest % 4 == 0 ? ("POST", "/payments", "payment") : ("GET", "/report", "report")
        return event(
            .requestStarted, .client,
            [
                .id: .number(newest), .method: .string(method), .path: .string(path), .kind: .string(kind),
                .expected: .double(Double(newest % 60) / 10),
            ])
    }

    private mutating func finished() -> Event {
        defer { oldest += 1 }
        now += Time(microseconds: 100)
        return event(
            .requestFinished, .client,
            [.id: .number(oldest), .fate: "answered", .status: 200, .took: 1.25, .bytes: 812, .closing: true])
    }

    private mutating func tell(_ kind: EventKind, _ source: Source, _ fields: Fields = [:]) {
        now += .milliseconds(1)
        board.apply(event(kind, source, fields))
    }

    private mutating func event(_ kind: EventKind, _ source: Source, _ fields: Fields) -> Event {
        sequence += 1
        return Event(kind, from: source, at: now, sequence: sequence, fields)
    }
}
