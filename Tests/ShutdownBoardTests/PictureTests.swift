import CustomDump
import ShutdownTrace
import Testing

@testable import ShutdownBoard

@Suite(.timeLimit(.minutes(20))) struct `The instant that the documents draw` {
    let board = Board(header: Picture.header, Picture.events())
    let now = Picture.now

    @Test func `waits for four requests, the oldest a payment`() {
        expectNoDifference(
            board.at(now).waiting,
            Waiting(
                what: "4 requests", oldest: "817 POST /payments", lasted: .milliseconds(6_800), likely: .seconds(1),
                next: ["2 jobs", "ledger", "log"]))
        #expect(board.phase == .draining)
    }

    @Test func `counts down 2.8 of 30 and 3.8 of 45`() {
        let countdowns = board.at(now).countdowns
        #expect(countdowns.map(\.name) == ["drain", "grace"])
        #expect(countdowns.map(\.used.tenths) == ["2.8", "3.8"])
        #expect(countdowns.map(\.allowed) == [.seconds(30), .seconds(45)])
        #expect(countdowns.map(\.isAtRisk) == [false, false])
        #expect(countdowns[1].consequence == "then SIGKILL")
    }

    @Test func `names what holds it up, the oldest first`() {
        let blockers = board.at(now).blockers()
        #expect(
            blockers.map { "\($0.subject) \($0.cause) \($0.lasted.words)" } == [
                "817 in handler 6.8 s", "822 client reads slowly 5.8 s", "824 charged, not answered yet 5.0 s",
                "826 in handler 4.4 s", "job 1 still running 4.8 s", "job 2 still running 4.8 s",
                "transaction 900 is open 0.1 s",
            ])
    }

    @Test func `stands at the drain, with three stations behind it`() {
        #expect(
            board.track.map { "\($0.state) \($0.name)" } == [
                "passed serving", "passed out of rotation", "passed listener closed", "current draining",
                "ahead workers",
                "ahead ledger", "ahead log", "ahead exit",
            ])
    }

    @Test func `of a server seen from outside is drained once everybody has an answer`() {
        let asked = Run.serving(traced: false).signal(.terminate).saw(.listenerClosed, .kernel)
        #expect(asked.board.track.first { $0.name == "draining" }?.state == .current)
        let answered = asked.answers(1...3).board
        #expect(answered.phase == .exiting)
        #expect(answered.track.first { $0.name == "draining" }?.state == .passed)
        let cut = asked.answers(1...3, .cut).board
        #expect(cut.track.first { $0.name == "draining" }?.state == .missed, "nothing is in flight any more")
    }

    @Test func `has released one of seven`() {
        let states = board.resources.stack.reversed().map { resource in
            switch resource.state {
            case .inUse: "· \(resource.name)"
            case .quiesced: "◌ \(resource.name)"
            case .releasing: "▶ \(resource.name) \(resource.left ?? 0) left"
            case .released(_, let took): "✓ \(resource.name) \(took.words)"
            case .failed: "✗ \(resource.name)"
            }
        }
        #expect(
            states == [
                "✓ rotation 1.0 s", "▶ listener 4 left", "◌ websockets", "◌ scheduler", "◌ workers", "· ledger",
                "· log",
            ])
        #expect(board.resources.releasedCount == 1)
    }

    @Test func `has the numbers of the picture`() {
        #expect(board.requests.countAtSignal == 9)
        #expect(board.requests.inFlight.count == 4)
        #expect(board.traffic.total == 1_204)
        #expect(board.traffic.percentile(50)?.words == "0.2 s")
        #expect(board.traffic.percentile(99)?.words == "2.1 s")
        #expect(
            [board.ledger.charged, board.ledger.acknowledged, board.ledger.betweenChargeAndAnswer] == [412, 411, 1])
        #expect(board.websockets.closedClean == 3)
        #expect(board.anomalies.total == 0)
        #expect(board.anomalies.missing == [:])
        #expect(board.signals.sent.first?.receivedAt == Picture.signal + .milliseconds(1))
    }

    @Test func `says what happened in the words of the picture`() {
        let lines = board.feed.lines.map(\.text)
        for line in [
            "SIGTERM sent to 41213", "1 signal received: SIGTERM from pid 41198", "readiness down",
            "out of rotation after 2 failed probes", "listener closed, nothing left in the accept queue",
            "3 websockets closed, 1001", "820 POST /payments answered 201 after 5.0 s",
        ] {
            #expect(lines.contains(line))
        }
    }
}
