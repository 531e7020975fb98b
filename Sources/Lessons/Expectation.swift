package import ShutdownBoard

/// What the verdict on a lesson must be: its word, the rules that must fail, and those that may.
///
/// This is how the verdict is proved able to see: a broken server fails its own rules and no others. A mended server is
/// graceful and fails nothing, with two exceptions: a process that is killed fails what a kill breaks, although its payment
/// is charged once, and a server that is asked to leave before it has anything to do proves nothing.
package struct Expectation: Hashable, Sendable {
    /// The word of the verdict.
    package var word: Verdict.Word
    /// Other words that are right too, where the worst fact depends on the instant of the signal.
    package var otherWords: Set<Verdict.Word>
    /// The lesson's own rules: each of them must fail.
    package var fails: Set<RuleName>
    /// Rules that follow from the same fault, in some runs or in all; for a server with a fault, what a deploy lost is one.
    package var mayFail: Set<RuleName>

    init(
        _ word: Verdict.Word, _ fails: Set<RuleName> = [], mayFail: Set<RuleName> = [],
        or others: Set<Verdict.Word> = []
    ) {
        self.word = word
        self.fails = fails
        self.mayFail = mayFail.union(fails.isEmpty ? [] : [.deployLostNothing]).subtracting(fails)
        otherWords = others
    }

    /// What a verdict shows that was not expected, as short sentences; empty when all is as it must be.
    package func surprises(in verdict: Verdict) -> [String] {
        let failed = Set(verdict.rules.filter { $0.held == false }.map(\.name))
        let word =
            verdict.word == word || otherWords.contains(verdict.word)
            ? [] : ["\(verdict.word.rawValue) instead of \(word.rawValue)"]
        let missing = Self.ordered(fails.subtracting(failed)).map { name in
            guard let rule = verdict[name] else { return "\(name.rawValue) does not apply" }
            return "\(name.rawValue) \(rule.held == true ? "held" : "is unknown"): \(rule.evidence)"
        }
        let extra = Self.ordered(failed.subtracting(fails).subtracting(mayFail)).map { name in
            "\(name.rawValue) failed too: \(verdict[name]?.evidence ?? "")"
        }
        return word + missing + extra
    }

    private static func ordered(_ names: Set<RuleName>) -> [RuleName] { RuleName.allCases.filter(names.contains) }
}

/// Rules that break together.
extension Set<RuleName> {
    /// What every SIGKILL in the middle of work breaks.
    static let killed: Self = [.leftByItself, .releasedInOrder]

    /// What a SIGKILL may break besides; its moment decides which.
    static let followsKill: Self = [
        .readinessFirst, .inFlightAnswered, .lateAnswered, .noneRefused, .webSocketsTold, .jobsSettled, .notForced,
        .noPaymentInDoubt, .databaseClosed, .logComplete, .deployLostNothing,
    ]

    /// What may follow when resources go while others still use them.
    static let disorder = followsKill.union([.databaseUnused, .noServerErrors, .exitStatus])

    /// What an end without any clean-up breaks.
    static let gone: Self = [.inFlightAnswered, .releasedInOrder, .databaseClosed]
}
