import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A gate` {
    private let draining = Run.serving().signal(.terminate).drains()

    @Test func `stops the limits while it is held`() {
        let held = draining.after(1).holds().board
        let now = held.time
        let (early, late) = (held.at(now).countdowns, held.at(now + .seconds(20)).countdowns)
        #expect(early.map(\.name) == ["drain", "grace"])
        #expect(early.map(\.used) == late.map(\.used))
        #expect(late.map(\.isHeld) == [true, true])
        #expect(held.at(now).latestExit == held.at(now + .seconds(20)).latestExit)
        #expect(held.at(now + .seconds(20)).waiting?.what.contains("held before the listener closes") == true)
    }

    @Test func `gives the time back when it is released`() {
        let free = draining.board
        let released = draining.holds().after(20).goesOn().board
        let before = free.at(free.time + .seconds(2)).countdowns.map(\.used)
        let after = released.at(released.time + .seconds(2)).countdowns.map(\.used)
        // The two events of the gate took a millisecond each.
        for (one, other) in zip(before, after) { #expect(other - one <= .milliseconds(2)) }
        #expect(released.at(released.time).countdowns.map(\.isHeld) == [false, false])
    }

    @Test func `never makes a server slow or late`() {
        let run = Run.serving().grace(10).signal(.terminate).drains().answers(1...3).holds().after(60).goesOn()
            .releases().exits(0).ends()
        #expect(run.verdict.word == .graceful)
        #expect(run.verdict[.leftByItself]?.held == true)
        #expect(run.verdict[.leftPromptly]?.held == true)
        #expect((run.verdict.numbers[.idleWaitMs] ?? .infinity) < 100)
        #expect((run.verdict.numbers[.graceUsed] ?? 1) < 0.1)
    }

    @Test func `is open once the process is gone`() {
        let board = draining.holds().signal(.kill).dies(.kill).board
        #expect(!board.gate.isHeld)
        #expect(board.anomalies.total == 0)
    }

    @Test func `that nobody held cannot be released`() {
        #expect(draining.goesOn().board.anomalies.total == 1)
        #expect(draining.holds().holds().board.anomalies.total == 1)
    }

    @Test func `counts only the part of a hold that lies in a span`() {
        let board = draining.holds().after(10).goesOn().board
        let end = board.time
        #expect(board.gate.held(from: .zero, to: end - .seconds(5)) > .seconds(4))
        #expect(board.gate.held(from: end - .seconds(5), to: end) == .seconds(5))
        #expect(board.gate.held(from: end, to: end + .seconds(5)) == .zero)
    }
}
