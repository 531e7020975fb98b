import ShutdownBoard
import ShutdownTrace

/// A run told as a story: each word adds the events that it means, a millisecond apart.
struct Run {
    private(set) var events: [Event] = []
    private var header = Header(started: "", clock: .zero, title: "story", command: "serve", fields: [.grace: 45])
    private var sequences: [Source: Int] = [:]
    private var now = Time.zero
    private let isTraced: Bool

    /// A server that writes events, or one that only outside witnesses know.
    init(traced: Bool = true) { isTraced = traced }

    var board: Board { Board(header: header, events) }
    var verdict: Verdict { board.verdict }
    var time: Time { now }

    /// One more event, a millisecond later.
    func saw(_ kind: EventKind, _ source: Source, _ fields: Fields = [:]) -> Run {
        var run = self
        run.now += .milliseconds(1)
        run.sequences[source, default: 0] += 1
        run.events.append(
            Event(kind, from: source, at: run.now, sequence: run.sequences[source, default: 0], fields))
        return run
    }

    /// One more event with a number of its own.
    func told(_ kind: EventKind, _ source: Source, _ sequence: Int, _ fields: Fields) -> Run {
        var run = self
        run.now += .milliseconds(1)
        run.events.append(Event(kind, from: source, at: run.now, sequence: sequence, fields))
        return run
    }

    mutating func drop(_ isLost: (Event) -> Bool) { events.removeAll(where: isLost) }

    /// Something that the server says, if it says anything.
    func server(_ kind: EventKind, _ fields: Fields = [:]) -> Run { isTraced ? saw(kind, .server, fields) : self }

    /// The same for each of these.
    func each<T>(_ items: some Sequence<T>, _ tell: (Run, T) -> Run) -> Run { items.reduce(self, tell) }

    func after(_ seconds: Double) -> Run {
        var run = self
        run.now += .seconds(seconds)
        return run
    }

    func grace(_ seconds: Double?) -> Run {
        var run = self
        run.header.fields[.grace] = seconds.map { .double($0) }
        return run
    }

    /// A server that was started by this command.
    func command(_ command: String) -> Run {
        var run = self
        run.header.command = command
        return run
    }

    /// A run in which no client asks the server.
    func unasked() -> Run {
        var run = self
        run.header.fields["unasked"] = true
        return run
    }

    static let resources = ["log", "ledger", "workers", "listener", "rotation"]

    /// Spawned, everything acquired, serving, in rotation.
    func starts(catching signals: [Int] = [15, 2]) -> Run {
        saw(.processSpawned, .supervisor, [.pid: 41213])
            .each(Self.resources) { $0.server(.resourceAcquired, [.name: .string($1)]) }
            .server(.listenerOpened, [.port: 8080]).server(.readinessRaised)
            .saw(.processServing, .supervisor, [.port: 8080, .took: 0.1])
            .saw(.rotationEntered, .balancer)
            .saw(.signalsSeen, .kernel, [.caught: .list(signals), .ignored: .list([]), .blocked: .list([])])
    }

    func requests(_ ids: ClosedRange<Int>, _ path: String = "/report") -> Run {
        each(ids) { $0.saw(.requestStarted, .client, [.id: .number($1), .method: "GET", .path: .string(path)]) }
    }

    func answers(_ ids: ClosedRange<Int>, _ fate: Fate = .answered) -> Run {
        each(ids) { $0.saw(.requestFinished, .client, [.id: .number($1), .fate: .string(fate.rawValue)]) }
    }

    func webSocket(_ id: Int) -> Run { saw(.websocketOpened, .client, [.id: .number(id)]) }

    func closes(webSocket id: Int, clean: Bool = true) -> Run {
        saw(.websocketClosed, .client, [.id: .number(id), .code: clean ? 1001 : 1006, .clean: .bool(clean)])
    }

    func signal(_ signal: Signal, by: String = "user") -> Run {
        saw(.signalSent, .supervisor, [.signal: .number(signal.rawValue), .pid: 41213, .by: .string(by)])
    }

    /// The server notices, leaves rotation and closes the door.
    func drains(behindBalancer: Bool = true) -> Run {
        server(.signalReceived, [.signal: 15, .ordinal: 1])
            .server(.shutdownBegan, Budgets(drain: .seconds(30)).fields)
            .server(.readinessLowered).leavesRotation(behindBalancer).server(.leadEnded)
            .server(.listenerClosed).server(.drainBegan, [.open: 3])
    }

    private func leavesRotation(_ really: Bool) -> Run {
        really ? saw(.probeFailed, .balancer, [.failures: 2]).saw(.rotationLeft, .balancer, [.failures: 2]) : self
    }

    /// Everything given back, by default in the reverse order, and the log last.
    func releases(_ names: [String] = resources.reversed()) -> Run {
        server(.drainEnded, [.left: 0]).each(names) { $0.releases($1) }.server(.signalsRestored)
            .server(.shutdownEnded, [.outcome: "clean"])
    }

    private func releases(_ name: String) -> Run {
        let begun = server(.resourceReleasing, [.name: .string(name)])
        let closed = name == "ledger" ? begun.server(.ledgerClosed, [.open: 0]) : begun
        return closed.server(.resourceReleased, [.name: .string(name), .took: 0.001])
    }

    func exits(_ code: Int) -> Run { saw(.processExited, .kernel, [.how: "exited", .code: .number(code)]) }

    func dies(_ signal: Signal, core: Bool = false) -> Run {
        saw(.processExited, .kernel, [.how: "signaled", .signal: .number(signal.rawValue), .core: .bool(core)])
    }

    /// The supervisor looks at the port and the family, and closes the book.
    func ends(port: String = "refused") -> Run {
        saw(.portProbed, .supervisor, [.port: 8080, .answer: .string(port)]).saw(.runEnded, .supervisor)
    }

    /// A second instance, ready and in rotation beside the first.
    func deploys() -> Run {
        saw(.deployBegan, .supervisor, [.balancer: "proxy", .port: 9000])
            .saw(.instanceSpawned, .supervisor, [.instance: 2, .pid: 41300, .port: 9002])
            .saw(.instanceServing, .supervisor, [.instance: 2, .took: 0.2])
            .saw(.rotationEntered, .balancer, [.instance: 2])
    }

    func endsDeploy() -> Run { saw(.deployEnded, .supervisor) }

    func holds(before step: String = "the listener closes") -> Run { server(.gateHeld, [.name: .string(step)]) }
    func goesOn() -> Run { server(.gateReleased) }

    func pays(_ order: Int) -> Run { saw(.paymentIntended, .client, [.order: .number(order), .amount: 100]) }
    func charges(_ order: Int) -> Run { server(.paymentCharged, [.order: .number(order)]) }
    func settles(_ order: Int, _ belief: String = "paid") -> Run {
        saw(.paymentSettled, .client, [.order: .number(order), .belief: .string(belief)])
    }

    func audit(lost: Int = 0, twice: Int = 0, ambiguous: Int = 0) -> Run {
        saw(
            .ledgerAudited, .supervisor,
            [
                .charged: 1, .acknowledged: 1, .lost: .number(lost), .twice: .number(twice),
                .ambiguous: .number(ambiguous),
            ])
    }

    /// Up to the signal: three requests in flight.
    static func serving(traced: Bool = true) -> Run { Run(traced: traced).starts().requests(1...3) }

    /// Up to the exit: asked once, drained, all answered, all released.
    static let drained = serving().signal(.terminate).drains().answers(1...3).releases()

    /// What every server should do.
    static let polite = drained.exits(0).ends()

    /// The same from outside.
    static let politeFromOutside = serving(traced: false).signal(.terminate).drains().after(0.2).answers(1...3)
        .exits(0).ends()
}

extension Board {
    /// What is asked of it in the tests.
    var verdict: Verdict { Judge(self).verdict }

    func at(_ now: Time) -> Explainer { Explainer(self, at: now) }

    var track: [Station] { at(time).track }
    var paymentTable: PaymentTable? { Judge(self).paymentTable }
}
