import ShutdownBoard
import ShutdownTrace

/// Chapters of lessons: held at the gate, deployed behind a balancer, charged twice.
extension Story {
    /// At second 21 somebody held it before its listener closes.
    static func held() -> Story {
        var story = serving()
        story.signal()
        story.finish(821, 20.2)
        story.finish(825, 20.4)
        story.add(.serverTold, .supervisor, 20.5, [.text: "hold"])
        story.add(.rotationLeft, .balancer, 21.004, [.failures: 2])
        story.add(.leadEnded, .server, 21.005)
        story.release("rotation", 21.005, took: 1.0)
        story.add(.gateHeld, .server, 21.006, [.name: "the listener closes"])
        for (id, at) in [(819, 21.4), (823, 22.0), (820, 22.8)] { story.finish(id, at) }
        return story
    }

    /// A second instance has come, and the first one drains.
    static func deploying() -> Story {
        var story = serving()
        story.add(.deployBegan, .supervisor, 0.001, [.balancer: "proxy", .port: 8000])
        story.add(.instanceSpawned, .supervisor, 18, [.instance: 2, .pid: 41377, .port: 8081])
        story.add(.instanceServing, .supervisor, 18.2, [.instance: 2, .took: 0.2])
        story.add(.rotationEntered, .balancer, 18.4, [.instance: 2])
        for index in story.events.indices where story.events[index].kind == .requestFinished {
            story.events[index].fields[.instance] = .int(
                story.events[index].time > .seconds(18.4) && index % 2 == 0 ? 2 : 1)
        }
        story.signal()
        story.drain()
        for id in 830...839 {
            let start = 20.3 + Double(id - 830) * 0.35
            story.start(id, start, isPayment: false, expected: nil)
            guard id < 838 else { continue }
            story.finish(id, start + 0.15)
            story.events[story.events.count - 1].fields[.instance] = 2
        }
        return story
    }

    /// The first is gone, and nobody noticed.
    static func deployed() -> Story {
        var story = deploying()
        for (id, at) in [(824, 24.0), (822, 24.2), (826, 24.4), (817, 24.8), (838, 23.9), (839, 24.1)] {
            story.finish(id, at)
        }
        story.leave(24.81)
        story.add(.deployEnded, .supervisor, 26)
        story.add(.runEnded, .supervisor, 26.1)
        return story
    }

    /// Everything is released, and the process exits.
    mutating func leave(_ start: Double) {
        add(.drainEnded, .server, start, [.left: 0])
        for (index, name) in ["listener", "websockets", "scheduler"].enumerated() {
            release(name, start + 0.01 * Double(index + 1), took: 0.005)
        }
        for id in 1...2 { add(.jobFinished, .server, start + 0.2, [.id: .int(Int64(id))]) }
        release("workers", start + 0.21, took: 0.2)
        add(.ledgerClosed, .server, start + 0.22, [.open: 0])
        release("ledger", start + 0.23, took: 0.02)
        release("log", start + 0.24, took: 0.002)
        add(.shutdownEnded, .server, start + 0.25, [.outcome: "clean", .took: 5.1])
        add(.processExited, .kernel, start + 0.26, [.how: "exited", .code: 0])
    }

    /// SIGKILL between charge and answer; the client tries again, and pays twice.
    static func chargedTwice() -> Story {
        var story = serving()
        story.charge(824, 19.9)
        story.add(.signalSent, .supervisor, 20, [.signal: 9, .pid: 41213, .by: "user"])
        for id in [817, 819, 820, 821, 822, 824, 823, 825, 826] {
            let fields: Fields = [.id: .int(Int64(id)), .fate: "cut"]
            story.add(.requestFinished, .client, 20.001, fields)
        }
        story.add(.processExited, .kernel, 20.002, [.how: "signaled", .signal: 9, .core: false])
        story.add(.paymentRetried, .client, 20.6, [.order: 824, .id: 841, .attempt: 2])
        story.add(
            .requestStarted, .client, 20.6,
            [.id: 841, .method: "POST", .path: "/payments", .kind: "payment", .order: 824])
        story.add(.paymentCharged, .server, 20.8, [.order: 824, .id: 402, .instance: 2])
        story.add(.requestFinished, .client, 20.9, [.id: 841, .fate: "answered", .status: 201])
        story.add(.paymentSettled, .client, 20.9, [.order: 824, .belief: "paid", .id: 841])
        for id in [817, 820, 823] {
            story.add(
                .paymentSettled, .client, 21, [.order: .int(Int64(id)), .belief: "unknown", .id: .int(Int64(id))])
        }
        story.add(.portProbed, .supervisor, 21.1, [.port: 8080, .answer: "refused"])
        story.add(.fileLeft, .supervisor, 21.2, [.file: "ledger.sqlite-wal", .bytes: 4_152])
        story.add(
            .paymentAudited, .supervisor, 21.3, [.order: 824, .belief: "paid", .rows: 2, .id: 841, .cause: "twice"])
        story.add(
            .ledgerAudited, .supervisor, 21.4,
            [
                .charged: 411, .acknowledged: 410, .lost: 0, .twice: 1, .ambiguous: 0,
                .matrix: .raw("[[0,409,1],[0,0,0],[3,0,0]]"),
            ])
        story.add(.runEnded, .supervisor, 21.5)
        return story
    }
}

/// Chapters of a server that tells nothing: a wrapper that passes signals on, a master and two workers.
extension Story {
    static func outside() -> Story {
        var story = Story()
        story.isOutside = true
        story.add(.runBegan, .supervisor, 0)
        story.add(.processSpawned, .supervisor, 0.004, [.pid: 5120, .command: "dumb-init gunicorn app:app"])
        story.add(
            .outputPrinted, .supervisor, 0.3,
            [.stream: "err", .text: "[5121] [INFO] Listening at: http://127.0.0.1:8080"])
        story.add(.processServing, .supervisor, 0.5, [.port: 8080, .took: 0.5])
        story.add(
            .signalsSeen, .kernel, 0.51, [.caught: .raw("[1,2,3,15]"), .ignored: .raw("[]"), .blocked: .raw("[]")])
        story.member(5120, of: 5000, "dumb-init gunicorn app:app", catches: [1, 2, 3, 15])
        story.member(5121, of: 5120, "gunicorn: master", catches: [1, 2, 3, 15], listens: true)
        story.member(5122, of: 5121, "gunicorn: worker", catches: [3, 15], listens: true)
        story.member(5123, of: 5121, "gunicorn: worker", catches: [3, 15], listens: true)
        story.add(.listenerSeen, .kernel, 0.52, [.port: 8080])
        story.add(
            .socketsSeen, .kernel, 0.6,
            [.waiting: 0, .backlog: 2_048, .open: 7, .quiet: 3, .unread: 0, .unsent: 0])
        for id in 1...60 {
            let start = 1 + Double(id) * 0.3
            story.start(id, start, path: "/")
            story.add(
                .requestFinished, .client, start + 0.02, [.id: .int(Int64(id)), .fate: "answered", .status: 200])
        }
        for id in 61...64 { story.start(id, 19 + Double(id - 61) * 0.2, path: "/slow") }
        return story
    }

    static func outsideDraining() -> Story {
        var story = outside()
        story.add(.signalSent, .supervisor, 20, [.signal: 15, .pid: 5120, .by: "user"])
        story.add(.outputPrinted, .supervisor, 20.01, [.stream: "err", .text: "[5121] [INFO] Handling signal: term"])
        story.add(.outputPrinted, .supervisor, 20.02, [.stream: "err", .text: "[5122] [INFO] Worker exiting"])
        story.add(.memberGone, .kernel, 20.4, [.pid: 5123, .how: "exited", .code: 0])
        story.add(.listenerGone, .kernel, 20.5, [.port: 8080])
        story.add(.requestFinished, .client, 21, [.id: 61, .fate: "answered", .status: 200])
        story.add(
            .blockerSeen, .kernel, 20.6,
            [.name: "process 5122", .kind: "process", .cause: "alive", .pid: 5122, .text: "process 5122 still runs"])
        story.add(
            .blockerSeen, .kernel, 20.8,
            [.name: "connection 40212", .kind: "connection", .cause: "unsent", .port: 40212, .count: 81_920])
        return story
    }

    static func outsideGone() -> Story {
        var story = outsideDraining()
        for id in 62...64 {
            story.add(.requestFinished, .client, 23.5, [.id: .int(Int64(id)), .fate: "answered", .status: 200])
        }
        story.add(.memberGone, .kernel, 23.6, [.pid: 5122, .how: "exited", .code: 0])
        story.add(.outputPrinted, .supervisor, 23.61, [.stream: "err", .text: "[5121] [INFO] Shutting down: Master"])
        story.add(.memberGone, .kernel, 23.65, [.pid: 5121, .how: "exited", .code: 0])
        story.add(.processExited, .kernel, 23.7, [.how: "exited", .code: 0])
        story.add(.portProbed, .supervisor, 23.8, [.port: 8080, .answer: "refused"])
        story.add(.runEnded, .supervisor, 23.9)
        return story
    }

    /// The same without anybody of this run who asks it, and with others who do.
    static func unasked() -> Story {
        var story = Story()
        (story.isOutside, story.isUnasked) = (true, true)
        story.add(.runBegan, .supervisor, 0)
        story.add(.processSpawned, .supervisor, 0.004, [.pid: 5120, .command: "node server.js"])
        story.add(.processServing, .supervisor, 1, [.took: 1])
        story.member(5120, of: 5000, "node server.js", catches: [15], listens: true)
        story.add(.outputPrinted, .supervisor, 1.48, [.stream: "out", .text: "up on 3000"])
        story.add(.listenerSeen, .kernel, 1.5, [.port: 3000])
        story.add(
            .socketsSeen, .kernel, 18,
            [.waiting: 0, .backlog: 511, .open: 3, .quiet: 2, .unread: 0, .unsent: 81_920])
        story.blocker(18.2, 52_488, "quiet")
        story.blocker(19, 34_484, "quiet")
        story.blocker(19.5, 34_500, "unsent", 81_920)
        return story
    }

    static func unaskedDraining() -> Story {
        var story = unasked()
        story.add(.signalSent, .supervisor, 20, [.signal: 15, .pid: 5120, .by: "user"])
        story.add(.listenerGone, .kernel, 20.02, [.port: 3000])
        story.add(
            .socketsSeen, .kernel, 22, [.waiting: 0, .backlog: 0, .open: 1, .quiet: 1, .unread: 0, .unsent: 0])
        for port in [34_484, 34_500] { story.add(.blockerGone, .kernel, 22, [.name: .string("connection \(port)")]) }
        return story
    }

    private mutating func blocker(_ seconds: Double, _ port: Int, _ cause: String, _ count: Int? = nil) {
        var fields: Fields = [
            .name: .string("connection \(port)"), .kind: "connection", .cause: .string(cause), .port: .number(port),
        ]
        if let count { fields[.count] = .number(count) }
        add(.blockerSeen, .kernel, seconds, fields)
    }

    private mutating func member(
        _ pid: Int64, of parent: Int64, _ command: String, catches: [Int], listens: Bool = false
    ) {
        add(
            .memberSeen, .kernel, 0.6,
            [
                .pid: .int(pid), .parent: .int(parent), .command: .string(command), .threads: 1,
                .caught: .list(catches),
                .ignored: .list([13]), .blocked: .list([]), .listens: .bool(listens),
            ])
    }

    private mutating func start(_ id: Int, _ seconds: Double, path: String) {
        add(
            .requestStarted, .client, seconds,
            [.id: .int(Int64(id)), .method: "GET", .path: .string(path), .kind: "slow"])
    }
}
