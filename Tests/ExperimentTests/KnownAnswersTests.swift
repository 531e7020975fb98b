import ShutdownTrace
import Testing

@testable import Experiment

@Suite struct `The known answers` {
    private func outcome(_ fate: Fate, _ bytes: Int, status: Int = 200, digest: Int? = nil) -> Outcome {
        var outcome = Outcome(fate)
        (outcome.bytes, outcome.status, outcome.digest) = (bytes, status, digest)
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

    /// Lengths and contents before the signal, the length after it, and whether that is right.
    @Test(arguments: [
        ([(10, 1)], 0, true), ([(10, 1), (10, 1)], 0, false), ([(10, 1), (10, 1)], 9, false),
        ([(10, 1), (10, 1)], 11, false), ([(10, 1), (10, 1)], 10, true),
        // The digits of a number that counts.
        ([(10, 1), (10, 2), (10, 3)], 11, true), ([(10, 1), (10, 2)], 9, true), ([(10, 1), (10, 2)], 4, false),
        ([(10, 1), (11, 2)], 4, true), ([(10, 1), (11, 2)], 0, false), ([(0, 1), (11, 2)], 0, true),
    ])
    func `hold the length of a body against it as far as those before were alike`(
        before: [(bytes: Int, digest: Int)], bytes: Int, isRight: Bool
    ) {
        let known = before.map { outcome(.answered, $0.bytes, digest: $0.digest) }
        let judged = judged(outcome(.answered, bytes, digest: 9), after: known)
        #expect((judged.fate == .answered) == isRight)
        #expect((judged.cause == nil) == isRight)
    }

    @Test func `believe an expected text more than a length`() {
        let asked = Request(path: "/", patience: .zero, expectation: .text("done"))
        let known = Array(repeating: outcome(.answered, 5, digest: 1), count: 3)
        #expect(judged(outcome(.answered, 4, digest: 2), after: known, asked).fate == .answered)
    }

    @Test func `say where lengths differed`() {
        var answers = KnownAnswers()
        for bytes in [5, 5] { _ = answers.judge(outcome(.answered, bytes), of: request, isSignalled: false) }
        #expect(answers.spread(of: request) == nil)
        _ = answers.judge(outcome(.answered, 9), of: request, isSignalled: false)
        #expect(answers.spread(of: request) == 5...9)
    }

    @Test func `leave alone what the demo's own server answers with a marked end`() {
        var answers = KnownAnswers()
        for status in [200, 404] {
            let outcome = Outcome(status: status, bytes: 1, isClosing: true)
            #expect(answers.judge(outcome, of: request, isSignalled: status == 404, isForeign: false) == outcome)
        }
    }
}
