import ShutdownTrace
import Testing

@testable import Clients

@Suite(.timeLimit(.minutes(3))) struct `The known answers` {
    private func outcome(_ fate: Fate, _ bytes: Int, status: Int = 200, digest: Int? = nil) -> Outcome {
        var outcome = Outcome(fate)
        outcome.bytes = bytes
        outcome.status = status
        outcome.digest = digest
        return outcome
    }

    private let request = Request(path: "/", patience: .zero)

    /// How an answer is judged after others came before the signal.
    private func judged(_ outcome: Outcome, after before: [Outcome], _ request: Request? = nil) -> Outcome {
        let request = request ?? self.request
        var answers = KnownAnswers()
        for each in before { #expect(answers.judge(each, of: request, isSignalled: false).cause == nil) }
        return answers.judge(outcome, of: request, isSignalled: true)
    }

    @Test(arguments: [
        ([], 5, Fate.unmarked), ([5], 5, .unmarked), ([5, 5], 5, .answered), ([5, 5], 4, .cut), ([5, 5], 6, .unmarked),
        ([5, 6, 5], 4, .unmarked), ([5, 6, 5], 5, .unmarked),
    ])
    func `tell the end of a body without a mark only where all were equally long`(
        before: [Int], bytes: Int, fate: Fate
    ) {
        #expect(judged(outcome(.unmarked, bytes), after: before.map { outcome(.unmarked, $0) }).fate == fate)
    }

    @Test(arguments: [(404, Fate.failed), (302, .failed), (201, .answered), (200, .answered)])
    func `hold another class of status against an answer`(status: Int, fate: Fate) {
        let judged = judged(outcome(.answered, 5, status: status), after: [outcome(.answered, 5)])
        #expect(judged.fate == fate)
        #expect(judged.cause == (fate == .failed ? "status \(status), which was 200 before the signal" : nil))
    }

    @Test func `leave 503 what it is`() {
        #expect(judged(outcome(.unavailable, 0, status: 503), after: [outcome(.answered, 5)]).fate == .unavailable)
    }

    struct Bodies: Sendable {
        /// Of each: its length and what is in it.
        var before: [[Int]]
        var after: Int
        var isRight: Bool
    }

    static let bodies: [Bodies] = [
        Bodies(before: [[10, 1]], after: 0, isRight: true),
        Bodies(before: [[10, 1], [10, 1]], after: 0, isRight: false),
        Bodies(before: [[10, 1], [10, 1]], after: 9, isRight: false),
        Bodies(before: [[10, 1], [10, 1]], after: 11, isRight: false),
        Bodies(before: [[10, 1], [10, 1]], after: 10, isRight: true),
        // The digits of a number that counts.
        Bodies(before: [[10, 1], [10, 2], [10, 3]], after: 11, isRight: true),
        Bodies(before: [[10, 1], [10, 2]], after: 9, isRight: true),
        Bodies(before: [[10, 1], [10, 2]], after: 4, isRight: false),
        Bodies(before: [[10, 1], [11, 2]], after: 4, isRight: true),
        Bodies(before: [[10, 1], [11, 2]], after: 0, isRight: false),
        Bodies(before: [[0, 1], [11, 2]], after: 0, isRight: true),
    ]

    @Test(arguments: bodies)
    func `hold the length of a body against it as far as those before were alike`(bodies: Bodies) {
        let known = bodies.before.map { outcome(.answered, $0[0], digest: $0[1]) }
        let judged = judged(outcome(.answered, bodies.after, digest: 9), after: known)
        #expect((judged.fate == .answered) == bodies.isRight)
        #expect((judged.cause == nil) == bodies.isRight)
        #expect(judged.fault == (bodies.isRight ? nil : .length))
    }

    @Test func `believe an expected text more than a length`() {
        let asked = Request(path: "/", patience: .zero, expectation: .text("done"))
        let known = Array(repeating: outcome(.answered, 5, digest: 1), count: 3)
        #expect(judged(outcome(.answered, 4, digest: 2), after: known, asked).fate == .answered)
    }

    @Test func `say where they were too few or their lengths differed`() {
        var answers = KnownAnswers()
        let doubts = [5, 5, 9].map { bytes in
            _ = answers.judge(outcome(.answered, bytes), of: request, isSignalled: false)
            return answers.doubt(about: request)
        }
        #expect(doubts == ["too few had come before the signal", nil, "before the signal they had 5 to 9 bytes"])
    }

    @Test func `leave alone what the demo's own server answers with a marked end`() {
        var answers = KnownAnswers()
        for status in [200, 404] {
            let outcome = Outcome(status: status, bytes: 1, isClosing: true)
            #expect(answers.judge(outcome, of: request, isSignalled: status == 404, isForeign: false) == outcome)
        }
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The signal` {
    /// Milliseconds since the first period began, and how long the signal waits then, where one comes every 100 ms.
    static let waits: [(Int64, Int64)] = [
        (0, 0), (24, 0), (25, 50), (50, 25), (74, 1), (75, 0), (100, 0), (1_450, 25), (1_500, 0),
    ]

    @Test(arguments: waits)
    func `keeps away from those who come at an even pace`(now: Int64, wait: Int64) {
        #expect(NewcomerSchedule(start: .zero, rate: 10).clearance(at: .milliseconds(now)) == .milliseconds(wait))
    }
}
