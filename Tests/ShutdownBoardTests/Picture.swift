import ShutdownTrace

/// One instant that the documents draw: 3.8 s after SIGTERM, nine requests in flight at the signal and four left.
///
/// Copy this file to test anything that draws a board.
enum Picture {
    static let header = Header(
        started: "2026-01-31T17:02:11.250Z", clock: .seconds(81240), title: "polite", command: "drainboard serve",
        pid: 41213,
        fields: Fields([.init(.port, 8080), .init(.grace, 45)] + Budgets(drain: .seconds(30)).fields.entries))
    static let signal = Time.seconds(40)
    static let now = signal + .milliseconds(3_800)

    /// All events up to `now`, in the order of time, numbered by source.
    static func events() -> [Event] {
        var sequences: [Source: Int] = [:]
        return (start + traffic + inFlight + shutdown).sorted { $0.time < $1.time }.map { event in
            sequences[event.source, default: 0] += 1
            var event = event
            event.sequence = sequences[event.source, default: 0]
            return event
        }
    }

    /// An event so many seconds after the signal, or before it.
    private static func at(_ offset: Double, _ kind: EventKind, _ source: Source, _ fields: Fields = [:]) -> Event {
        Event(kind, from: source, at: signal + .seconds(offset), fields)
    }

    private static let resources = [
        ("log", "1,207 lines"), ("ledger", "sqlite, 1 open tx"), ("workers", ""), ("scheduler", ""), ("websockets", ""),
        ("listener", ""), ("rotation", ""),
    ]

    private static var start: [Event] {
        [
            at(-39.9, .processSpawned, .supervisor, [.pid: 41213]),
            at(-39.7, .signalsArmed, .server, [.caught: .list([15, 2])]),
            at(-39.5, .processServing, .supervisor, [.port: 8080, .took: 0.4]),
            at(-39.4, .rotationEntered, .balancer),
            at(-39.4, .signalsSeen, .kernel, [.caught: .list([15, 2]), .ignored: .list([13]), .blocked: .list([])]),
        ]
            + resources.enumerated().map { index, resource in
                let fields: Fields = [
                    .name: .string(resource.0), .index: .number(index + 1), .detail: .string(resource.1),
                ]
                return at(-39.6 + Double(index) / 100, .resourceAcquired, .server, fields)
            }
            + (1...3).map { at(-39.3, .websocketOpened, .client, [.id: .number($0)]) }
            + (1...2).map { at(-1, .jobFetched, .server, [.id: .number($0)]) }
    }

    /// What was answered before: 1,199 requests, of which 409 are payments.
    private static var traffic: [Event] {
        (0..<1_199).flatMap { number in
            let began = -38 + Double(number) * 0.029
            let took = number % 50 == 0 ? 2.1 : 0.21
            let isPayment = number < 409
            let id = Fields.Value.number(10_000 + number)
            let order: Fields = [.order: id, .belief: "paid", .id: id]
            return [
                at(began, .requestStarted, .client, request(10_000 + number, isPayment ? "POST /payments" : "GET /")),
                at(began + took, .requestFinished, .client, [.id: id, .fate: "answered", .status: 200]),
            ]
                + (isPayment
                    ? [
                        at(began, .paymentIntended, .client, order), at(began + 0.2, .paymentCharged, .server, order),
                        at(began + took, .paymentSettled, .client, order),
                    ] : [])
        }
    }

    private static func request(_ id: Int, _ line: String) -> Fields {
        let parts = line.split(separator: " ").map(String.init)
        let kind = parts[1] == "/payments" ? "payment" : parts[1] == "/report" ? "report" : "fast"
        return [.id: .number(id), .method: .string(parts[0]), .path: .string(parts[1]), .kind: .string(kind)]
    }

    /// Started so many seconds before the signal; answered so many after it, or never.
    private static let lanes: [(id: Int, line: String, began: Double, ended: Double?)] = [
        (817, "POST /payments", -3.0, nil), (819, "GET /report", -2.6, 1.4), (820, "POST /payments", -2.198, 2.802),
        (822, "GET /report", -2.0, nil), (824, "POST /payments", -1.2, nil), (823, "POST /payments", -1.0, 2.0),
        (826, "GET /report", -0.6, nil), (821, "GET /", -0.4, 0.2), (825, "GET /", -0.2, 0.4),
    ]

    private static var inFlight: [Event] {
        lanes.flatMap { lane in
            let id = Fields.Value.number(lane.id)
            let isPayment = lane.line.hasSuffix("payments")
            let order: Fields = [.order: id, .belief: "paid", .id: id]
            var fields = request(lane.id, lane.line)
            fields[.expected] = .double((lane.ended ?? 4.8) - lane.began)
            if isPayment { fields[.order] = id }
            var events = [at(lane.began, .requestStarted, .client, fields)]
            if isPayment { events.append(at(lane.began, .paymentIntended, .client, order)) }
            if isPayment, lane.id != 817 { events.append(at(1.9, .paymentCharged, .server, order)) }
            if lane.id == 822 { events.append(at(1.5, .requestAnswering, .client, [.id: id, .status: 200])) }
            if let ended = lane.ended {
                let status: Fields.Value = isPayment ? 201 : 200
                events.append(
                    at(ended, .requestFinished, .client, [.id: id, .fate: "answered", .status: status, .closing: true]))
                if isPayment { events.append(at(ended, .paymentSettled, .client, order)) }
            }
            return events
        }
    }

    private static var shutdown: [Event] {
        [
            at(0, .signalSent, .supervisor, [.signal: 15, .pid: 41213, .by: "user"]),
            at(0.001, .signalReceived, .server, [.signal: 15, .ordinal: 1, .sender: 41198]),
            at(
                0.001, .shutdownBegan, .server,
                Fields([.init(.cause, "SIGTERM")] + Budgets(drain: .seconds(30)).fields.entries)),
            at(0.001, .readinessLowered, .server), at(0.002, .resourceReleasing, .server, [.name: "rotation"]),
            at(0.002, .resourceQuiesced, .server, [.name: "scheduler", .detail: "starts nothing new"]),
            at(0.002, .resourceQuiesced, .server, [.name: "workers", .detail: "2 jobs still running"]),
            at(0.5, .probeFailed, .balancer, [.status: 503, .failures: 1, .threshold: 2]),
            at(1.004, .probeFailed, .balancer, [.status: 503, .failures: 2, .threshold: 2]),
            at(1.004, .rotationLeft, .balancer, [.failures: 2]), at(1.005, .leadEnded, .server),
            at(1.005, .resourceReleased, .server, [.name: "rotation", .took: 1.0, .detail: "2 failed probes"]),
            at(1.006, .listenerDrained, .server, [.count: 0]), at(1.006, .listenerClosed, .server),
            at(1.006, .drainBegan, .server, [.open: 7]),
            at(1.006, .resourceReleasing, .server, [.name: "listener", .left: 4]),
            at(1.007, .resourceQuiesced, .server, [.name: "websockets", .detail: "3 of 3 closed, 1001"]),
            at(3.7, .transactionBegan, .server, [.id: 900, .open: 1]),
        ]
            + (1...3).flatMap { id in
                [
                    at(1.008, .websocketTold, .server, [.id: .number(id), .code: 1001]),
                    at(1.013, .websocketClosed, .client, [.id: .number(id), .code: 1001, .clean: true]),
                ]
            }
    }
}
