import Export
import Screen
import ShutdownBoard
import ShutdownTrace

/// A small run, made by hand: three requests, two resources, a signal after 4 s, and an end.
struct Sample {
    var header: Header
    var events: [Event]

    enum End { case polite, killed, none }

    init(title: String = "sample", path: String = "/report", requests: Int = 3, end: End = .killed) {
        header = Header(
            started: "2026-01-31T17:02:11.250Z", clock: .zero, title: title, command: "serve", pid: 41,
            fields: Budgets(drain: .seconds(30)).fields)
        header.fields[.grace] = .double(45)
        events = [
            Event(.processSpawned, from: .supervisor, at: .zero, [.pid: 41]),
            Event(.resourceAcquired, from: .server, at: .milliseconds(20), [.name: "log", .index: 1]),
            Event(.resourceAcquired, from: .server, at: .milliseconds(30), [.name: "listener", .index: 2]),
            Event(.processServing, from: .supervisor, at: .milliseconds(50), [.port: 8080]),
        ]
        for id in 0..<requests {
            let fields: Fields = [.id: .int(Int64(id)), .method: "GET", .path: .string(path), .kind: "report"]
            events.append(Event(.requestStarted, from: .client, at: .milliseconds(1_000 + Int64(id)), fields))
        }
        guard end != .none else { return }
        events += [
            Event(.signalSent, from: .supervisor, at: .seconds(4), [.signal: 15, .pid: 41, .by: "check"]),
            Event(.signalReceived, from: .server, at: .seconds(4.001), [.signal: 15, .ordinal: 1]),
            Event(.shutdownBegan, from: .server, at: .seconds(4.002), [.cause: "SIGTERM"]),
            Event(.resourceQuiesced, from: .server, at: .seconds(4.003), [.name: "log"]),
            Event(.resourceReleasing, from: .server, at: .seconds(5), [.name: "listener"]),
            Event(.listenerClosed, from: .server, at: .seconds(5)),
            Event(.drainBegan, from: .server, at: .seconds(5), [.open: .int(Int64(requests))]),
        ]
        if end == .killed { kill(requests) } else { leave(requests) }
    }

    /// A payment that is charged twice, and one that is as it should be.
    func withPayments() -> Sample {
        var sample = self
        sample.events += [
            Event(
                .ledgerAudited, from: .supervisor, at: .seconds(7),
                [.charged: 3, .acknowledged: 2, .twice: 1, .matrix: .raw("[[0,1,1],[0,0,0],[0,0,0]]")]),
            Event(
                .paymentAudited, from: .supervisor, at: .seconds(7),
                [.order: 77, .belief: "paid", .rows: 2, .id: 8, .cause: "twice"]),
        ]
        return sample
    }

    private mutating func kill(_ requests: Int) {
        events.append(Event(.signalSent, from: .supervisor, at: .seconds(6), [.signal: 9, .pid: 41, .by: "user"]))
        events.append(Event(.processExited, from: .kernel, at: .seconds(6.01), [.how: "signaled", .signal: 9]))
        finish(requests, "resetUnanswered", at: 6.02)
        events.append(Event(.runEnded, from: .supervisor, at: .seconds(6.5)))
    }

    private mutating func leave(_ requests: Int) {
        finish(requests, "answered", at: 6)
        events += [
            Event(.drainEnded, from: .server, at: .seconds(7)),
            Event(.resourceReleased, from: .server, at: .seconds(7), [.name: "listener", .took: 2.0]),
            Event(.resourceReleasing, from: .server, at: .seconds(7.1), [.name: "log"]),
            Event(.resourceReleased, from: .server, at: .seconds(7.2), [.name: "log", .took: 0.1]),
            Event(.processExited, from: .kernel, at: .seconds(7.3), [.how: "exited", .code: 0]),
        ]
    }

    private mutating func finish(_ requests: Int, _ fate: String, at seconds: Double) {
        for id in 0..<requests {
            let fields: Fields = [.id: .int(Int64(id)), .fate: .string(fate), .status: 200]
            events.append(Event(.requestFinished, from: .client, at: .seconds(seconds + Double(id) / 1e6), fields))
        }
    }

    var summary: RunSummary {
        var summary = RunSummary()
        summary.apply(header)
        for event in events { summary.apply(event) }
        return summary
    }

    func film(size: Size = Size(columns: 100, rows: 30)) -> Film {
        var camera = Camera(moments: summary.moments(), size: size)
        camera.apply(header)
        for event in events { camera.apply(event) }
        return camera.finish()
    }

    func frame(at moment: Time, size: Size = Size(columns: 100, rows: 30)) -> Frame {
        var snapshot = Snapshot(at: moment, size: size)
        snapshot.apply(header)
        for event in events { snapshot.apply(event) }
        return snapshot.frame
    }

    /// Text that somebody could put into a trace to break what shows it.
    static let evil: [String] = [
        "</script><script>alert(1)</script>", "<!--<script>", "a\"b'c&d<e>f", "]]>", "\u{1B}[2J\u{1B}]0;x\u{7}",
        "x\u{0}y\u{FFFE}z\u{FFFF}", "\u{202E}gnp.exe", "a|b\nc\rd", "``` ~~~ `",
        "@everyone #1 https://x.example www.x.example",
        "\u{2028}\u{2029}", "日本語 e\u{301} 👩‍👩‍👧", "![x](y) [a](b) <b>*_\\", "${x} \\u003c/script>", "{{ 7*7 }}",
    ]
}
