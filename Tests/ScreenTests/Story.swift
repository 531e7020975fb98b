import ShutdownBoard
import ShutdownTrace

/// The run that the golden frames show: a polite server under traffic, a signal at second 20, and what comes of it.
///
/// Its chapters follow one another; each ends in a board.
struct Story {
    var events: [Event] = []
    /// Whether the server tells nothing, not even its limits.
    var isOutside = false
    /// Whether no client of the run asks it.
    var isUnasked = false

    /// The server's limit for requests in flight.
    private var drainLimit = Time.seconds(30)

    private var header: Header {
        var fields = isOutside ? [:] : Budgets(drain: drainLimit).fields
        fields[.grace] = .time(.seconds(45))
        if isUnasked { fields["unasked"] = true } else { fields[.port] = .int(8080) }
        return Header(
            started: "2026-01-31T17:02:11.250Z", clock: .seconds(81_240),
            title: isUnasked ? "node server.js" : isOutside ? "gunicorn" : "polite",
            command: isUnasked ? "node server.js" : isOutside ? "dumb-init gunicorn app:app" : "drainboard serve",
            fields: fields)
    }

    /// When the signal is sent.
    static let signal = Time.seconds(20)

    static let resources: [(name: String, detail: String)] = [
        ("log", "access.log"), ("ledger", "sqlite"), ("workers", "2 workers"), ("scheduler", "every 5 s"),
        ("websockets", ""), ("listener", "port 8080"), ("rotation", "/readyz"),
    ]

    mutating func add(_ kind: EventKind, _ source: Source, _ seconds: Double, _ fields: Fields = [:]) {
        events.append(Event(kind, from: source, at: .seconds(seconds), fields))
    }

    /// The board after all that was told, in the order of time, each source counting its own.
    var board: Board {
        let order = events.indices.sorted { (events[$0].time, $0) < (events[$1].time, $1) }
        var sequences: [Source: Int] = [:]
        return Board(
            header: header,
            order.map { index in
                var event = events[index]
                sequences[event.source, default: 0] += 1
                event.sequence = sequences[event.source] ?? 0
                return event
            })
    }

    static func starting() -> Story {
        var story = Story()
        story.add(.runBegan, .supervisor, 0)
        story.add(.processSpawned, .supervisor, 0.004, [.pid: 41213, .command: "drainboard serve --scenario polite"])
        story.add(.signalsArmed, .server, 0.020, [.caught: .raw("[2,15]")])
        for index in 1...3 { story.acquire(index, at: 0.03 + 0.01 * Double(index)) }
        return story
    }

    static func diedAtStart() -> Story {
        var story = starting()
        story.add(
            .outputPrinted, .supervisor, 0.08,
            [.stream: "err", .text: "port 8080 is taken: choose another with --port, or stop process 977"])
        story.add(.processExited, .kernel, 0.09, [.how: "exited", .code: 2])
        story.add(.runEnded, .supervisor, 0.10)
        return story
    }

    /// At second 20, with nine requests in flight.
    static func serving() -> Story {
        var story = starting()
        story.becomeReady()
        story.traffic()
        for id in 1...2 { story.add(.jobFetched, .server, 19.5, [.id: .int(Int64(id))]) }
        story.startLast()
        return story
    }

    /// So many requests in flight at once, one every tenth of a second.
    static func crowd(_ count: Int) -> Story {
        var story = starting()
        story.becomeReady()
        for id in 1...count {
            story.add(
                .requestStarted, .client, 20 + Double(id) / 10,
                [.id: .int(Int64(id)), .method: "GET", .path: "/report"])
        }
        return story
    }

    /// 3.8 s after SIGTERM: the picture that the screen is built after.
    static func draining() -> Story {
        var story = serving()
        story.signal()
        story.drain()
        return story
    }

    /// The same with a limit of 3 s, of which 2.8 s are used: three of the four will not make it.
    static func atRisk() -> Story {
        var story = Story()
        story.drainLimit = .seconds(3)
        story.events = serving().events
        story.signal()
        story.drain()
        return story
    }

    /// Served and idle: nothing is in flight, and nothing ended lately.
    static func idle() -> Story {
        var story = starting()
        story.becomeReady()
        return story
    }

    /// 1.9 s after SIGTERM somebody presses K.
    static func killed() -> Story {
        var story = serving()
        story.signal()
        story.shutDoor()
        story.finish(821, 20.2)
        story.finish(825, 20.4)
        story.finish(819, 21.4)
        story.add(.signalSent, .supervisor, 21.9, [.signal: 9, .pid: 41213, .by: "user"])
        for id in [817, 820, 822, 823, 824, 826] { story.finish(id, 21.901, fate: .cut) }
        story.add(.processExited, .kernel, 21.902, [.how: "signaled", .signal: 9, .core: false])
        story.add(.portProbed, .supervisor, 21.95, [.port: 8080, .answer: "refused"])
        story.add(.fileLeft, .supervisor, 21.96, [.file: "ledger.sqlite-wal", .bytes: 4_152])
        story.add(
            .paymentAudited, .supervisor, 21.97,
            [.order: 412, .belief: "unknown", .rows: 1, .id: 824, .cause: "ambiguous"])
        story.add(
            .ledgerAudited, .supervisor, 21.98,
            [.charged: 410, .acknowledged: 409, .lost: 0, .twice: 0, .ambiguous: 1])
        story.add(.logAudited, .supervisor, 21.99, [.lines: 1_169, .lost: 38])
        story.add(.runEnded, .supervisor, 22)
        return story
    }

    /// The drain goes on to its end, and everything is released.
    static func graceful() -> Story {
        var story = draining()
        for (id, at) in [(824, 24.0), (822, 24.2), (826, 24.4), (817, 24.8)] { story.finish(id, at) }
        story.add(.drainEnded, .server, 24.81, [.left: 0])
        story.release("listener", 24.82, took: 3.82)
        story.release("websockets", 24.83, took: 0.02)
        story.release("scheduler", 24.84, took: 0.004)
        for id in 1...2 { story.add(.jobFinished, .server, 25.3, [.id: .int(Int64(id))]) }
        story.release("workers", 25.31, took: 0.47)
        story.add(.ledgerCheckpointed, .server, 25.33, [.bytes: 4_152])
        story.add(.ledgerClosed, .server, 25.34, [.open: 0])
        story.release("ledger", 25.341, took: 0.021)
        story.add(.logFlushed, .server, 25.35, [.lines: 1_214])
        story.release("log", 25.351, took: 0.002)
        story.add(.shutdownEnded, .server, 25.352, [.outcome: "clean", .took: 5.351])
        story.add(.processExited, .kernel, 25.356, [.how: "exited", .code: 0])
        story.add(.portProbed, .supervisor, 25.4, [.port: 8080, .answer: "refused"])
        story.add(
            .ledgerAudited, .supervisor, 25.41, [.charged: 412, .acknowledged: 412, .lost: 0, .twice: 0, .ambiguous: 0])
        story.add(.logAudited, .supervisor, 25.42, [.lines: 1_214, .lost: 0])
        story.add(.runEnded, .supervisor, 25.43)
        return story
    }

    private mutating func acquire(_ index: Int, at seconds: Double) {
        let resource = Self.resources[index - 1]
        add(
            .resourceAcquired, .server, seconds,
            [.name: .string(resource.name), .index: .int(Int64(index)), .detail: .string(resource.detail)])
    }

    mutating func becomeReady() {
        for index in 4...7 { acquire(index, at: 0.07 + 0.01 * Double(index)) }
        add(.listenerOpened, .server, 0.12, [.port: 8080])
        add(.readinessRaised, .server, 0.13)
        add(.processServing, .supervisor, 0.14, [.port: 8080, .took: 0.14])
        add(.rotationEntered, .balancer, 0.20)
        add(.signalsSeen, .kernel, 0.21, [.caught: .raw("[2,15]"), .ignored: .raw("[13]"), .blocked: .raw("[]")])
        for id in 1...3 { add(.websocketOpened, .client, 0.3, [.id: .int(Int64(id))]) }
    }

    /// 816 answered requests in 20 seconds, 409 of them payments.
    mutating func traffic() {
        for id in 1001...1816 {
            let start = 0.3 + Double(id - 1000) * 0.0235
            self.start(id, start, isPayment: id % 2 == 0 || id == 1001, expected: nil)
            let took = 0.02 + Double(id * 37 % 100) * 0.004 + (id % 50 == 0 ? 1.2 : 0)
            finish(id, min(start + took, 19.95))
        }
    }

    /// The nine that are in flight at the signal.
    mutating func startLast() {
        let last: [(id: Int, before: Double, expected: Double)] = [
            (817, 3.0, 7.8), (819, 2.6, 4.0), (820, 2.2, 5.0), (822, 2.0, 6.2), (824, 1.2, 5.2), (823, 1.0, 3.0),
            (826, 0.6, 5.0), (821, 0.4, 0.6), (825, 0.2, 0.6),
        ]
        for one in last {
            start(one.id, 20 - one.before, isPayment: [817, 820, 823, 824].contains(one.id), expected: one.expected)
        }
    }

    mutating func start(_ id: Int, _ seconds: Double, isPayment: Bool, expected: Double?) {
        let path = isPayment ? "/payments" : [819, 822, 826].contains(id) ? "/report" : "/"
        var fields: Fields = [
            .id: .int(Int64(id)), .method: .string(isPayment ? "POST" : "GET"), .path: .string(path),
            .kind: .string(isPayment ? "payment" : path == "/report" ? "report" : "fast"),
        ]
        if let expected { fields[.expected] = .double(expected) }
        if isPayment { fields[.order] = .int(Int64(id)) }
        add(.requestStarted, .client, seconds, fields)
        if isPayment {
            let key = "order-\(id)"
            add(.paymentIntended, .client, seconds, [.order: .int(Int64(id)), .amount: 990, .key: .string(key)])
        }
    }

    mutating func finish(_ id: Int, _ seconds: Double, fate: Fate = .answered) {
        let isPayment = (id > 1000 && (id % 2 == 0 || id == 1001)) || [817, 820, 823, 824].contains(id)
        let order: Fields.Value = .int(Int64(id))
        if isPayment, fate == .answered, id != 824 { charge(id, seconds - 0.01) }
        var fields: Fields = [.id: .int(Int64(id)), .fate: .string(fate.rawValue)]
        if fate == .answered { fields[.status] = .int(isPayment ? 201 : 200) }
        add(.requestFinished, .client, seconds, fields)
        guard isPayment else { return }
        let belief: Fields.Value = fate == .answered ? "paid" : "unknown"
        add(.paymentSettled, .client, seconds, [.order: order, .belief: belief, .id: order])
    }

    mutating func charge(_ id: Int, _ seconds: Double) {
        add(.paymentCharged, .server, seconds, [.order: .int(Int64(id)), .id: .int(Int64(id))])
    }

    private mutating func closeWebSocket(_ id: Int, _ seconds: Double) {
        add(.websocketClosed, .client, seconds, [.id: .int(Int64(id)), .code: 1001, .clean: true])
    }

    mutating func signal() {
        add(.signalSent, .supervisor, 20, [.signal: 15, .pid: 41213, .by: "user"])
        add(.signalReceived, .server, 20.001, [.signal: 15, .ordinal: 1, .sender: 41198])
        add(
            .shutdownBegan, .server, 20.001,
            Fields([.init(.cause, "SIGTERM")] + Budgets(drain: drainLimit).fields.entries))
        add(.readinessLowered, .server, 20.001)
        add(.resourceReleasing, .server, 20.001, [.name: "rotation"])
    }

    mutating func shutDoor() {
        add(.rotationLeft, .balancer, 21.004, [.failures: 2])
        add(.leadEnded, .server, 21.005)
        release("rotation", 21.005, took: 1.0, detail: "2 failed probes")
        add(.resourceReleasing, .server, 21.006, [.name: "listener", .left: 4])
        add(.listenerClosed, .server, 21.006)
        add(.drainBegan, .server, 21.006, [.open: 7])
        add(.resourceQuiesced, .server, 21.007, [.name: "websockets", .detail: "no new ones"])
        add(.resourceQuiesced, .server, 21.008, [.name: "scheduler", .detail: "starts nothing new"])
        add(.resourceQuiesced, .server, 21.009, [.name: "workers", .detail: "fetches nothing new"])
        for id in 1...3 { closeWebSocket(id, 21.013) }
        charge(824, 21.2)
        add(.transactionBegan, .server, 21.3, [.id: 9, .open: 1])
        add(.logWritten, .server, 21.4, [.lines: 1_207])
    }

    mutating func drain() {
        finish(821, 20.2)
        finish(825, 20.4)
        shutDoor()
        finish(819, 21.4)
        finish(823, 22.0)
        finish(820, 22.8)
    }

    mutating func release(_ name: String, _ seconds: Double, took: Double, detail: String? = nil) {
        var fields: Fields = [.name: .string(name), .took: .double(took)]
        if let detail { fields[.detail] = .string(detail) }
        add(.resourceReleasing, .server, seconds - 0.001, [.name: .string(name)])
        add(.resourceReleased, .server, seconds, fields)
    }
}

extension Board {
    /// What is asked of it in the tests.
    var verdict: Verdict { Judge(self).verdict }

    func at(_ now: Time) -> Explainer { Explainer(self, at: now) }
}
