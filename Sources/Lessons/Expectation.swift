public import DemoServer
public import ShutdownBoard

/// What the verdict on a lesson must be: its word, the rules that must fail, and those that may.
///
/// This is how the verdict is proved able to see: a broken server fails its own rules and no others, a mended one fails
/// none.
public struct Expectation: Hashable, Sendable {
    /// The word of the verdict.
    public var word: Verdict.Word
    /// Words that are as right, where the worst fact is a matter of the instant.
    public var otherWords: Set<Verdict.Word>
    /// The lesson's own rules: each of them must fail.
    public var fails: Set<RuleName>
    /// Rules that follow from the same fault, in some runs or in all.
    public var mayFail: Set<RuleName>

    init(
        _ word: Verdict.Word, _ fails: Set<RuleName> = [], mayFail: Set<RuleName> = [],
        or others: Set<Verdict.Word> = []
    ) {
        (self.word, self.fails, self.mayFail, otherWords) = (word, fails, mayFail.subtracting(fails), others)
    }

    /// What a verdict shows that was not expected, as short sentences; empty when all is as it must be.
    public func surprises(in verdict: Verdict) -> [String] {
        let failed = Set(verdict.rules.filter { $0.held == false }.map(\.name))
        let word =
            verdict.word == word || otherWords.contains(verdict.word)
            ? [] : ["\(verdict.word.rawValue) instead of \(word.rawValue)"]
        let missing = Self.ordered(fails.subtracting(failed)).map { name in
            let held = verdict[name]?.held
            return "\(name.rawValue) \(held == true ? "held" : "cannot be known"): \(verdict[name]?.evidence ?? "")"
        }
        let extra = Self.ordered(failed.subtracting(fails).subtracting(mayFail)).map { name in
            "\(name.rawValue) failed too: \(verdict[name]?.evidence ?? "")"
        }
        return word + missing + extra
    }

    private static func ordered(_ names: Set<RuleName>) -> [RuleName] { RuleName.allCases.filter(names.contains) }
}

extension Expectation {
    /// What the verdict on this scenario must be, broken or mended.
    ///
    /// A mended server is graceful and fails nothing, with three exceptions that say what the cure is for: a payment
    /// that is charged once although the process was killed, an exit that looks bad after a perfect drain, and a server
    /// that was asked to leave before it had anything to do.
    public init(_ scenario: Scenario, isMended: Bool) {
        guard isMended else {
            self = Self.broken[scenario.name] ?? Expectation(.graceful)
            return
        }
        switch scenario.name {
        case "charged-twice": self.init(.forceKilled, Self.killed, mayFail: Self.followsKill)
        case "startup-signal": self.init(.inconclusive)
        default: self.init(.graceful)
        }
    }

    /// What every SIGKILL in the middle of work breaks.
    private static let killed: Set<RuleName> = [.leftByItself, .releasedInOrder]

    /// What it breaks besides, as the moment has it.
    private static let followsKill: Set<RuleName> = [
        .readinessFirst, .inFlightAnswered, .lateAnswered, .noneRefused, .webSocketsTold, .jobsSettled, .notForced,
        .noPaymentInDoubt, .databaseClosed, .logComplete, .deployLostNothing,
    ]

    /// What may follow when resources go while others still use them.
    private static let disorder = followsKill.union([.databaseUnused, .noServerErrors, .exitStatus])

    /// What an end without any clean-up breaks.
    private static let gone: Set<RuleName> = [.inFlightAnswered, .releasedInOrder, .databaseClosed]

    private static let broken: [String: Expectation] = [
        "no-handler": Expectation(.unhandled, gone.union([.leftByItself, .exitStatus]), mayFail: followsKill),
        "startup-signal": Expectation(.unhandled, [.leftByItself, .exitStatus], mayFail: followsKill.union(killed)),
        "terminal-gone": Expectation(.unhandled, gone.union([.leftByItself, .exitStatus]), mayFail: followsKill),
        "deaf-wrapper": Expectation(
            .orphans, [.leftByItself, .exitStatus, .portFree, .nothingLeft],
            mayFail: followsKill.union([.releasedInOrder, .traceComplete])),
        "lb-lag": Expectation(
            .refusedWork, [.readinessFirst, .noneRefused], mayFail: [.lateAnswered], or: [.dropped]),
        "backlog-reset": Expectation(.dropped, [.lateAnswered], mayFail: [.readinessFirst, .noneRefused]),
        "idle-race": Expectation(
            .dropped, [.readinessFirst, .noneRefused], mayFail: [.lateAnswered, .inFlightAnswered], or: [.refusedWork]),
        "keepalive-linger": Expectation(.slow, [.leftPromptly]),
        "slow-peers": Expectation(.forceKilled, killed, mayFail: followsKill),
        "websocket-hold": Expectation(.forceKilled, killed.union([.webSocketsTold]), mayFail: followsKill),
        "rst-eats-response": Expectation(.dropped, [.inFlightAnswered], mayFail: [.lateAnswered]),
        "charged-twice": Expectation(.duplicated, killed.union([.noPaymentTwice]), mayFail: followsKill),
        "lost-payment": Expectation(.dropped, [.noPaymentLost]),
        "grace-mismatch": Expectation(.forceKilled, killed, mayFail: followsKill),
        "fatal-at-deadline": Expectation(
            .dropped, gone.union([.notForced, .exitStatus]), mayFail: followsKill),
        // Who is cut, and whether it is at the ledger's door then, is a matter of the instant; that somebody is, is not.
        "stopped": Expectation(
            .dropped, [.notForced, .exitStatus],
            mayFail: [.inFlightAnswered, .lateAnswered, .noPaymentInDoubt, .databaseUnused, .leftPromptly]),
        "wrong-order": Expectation(
            .dropped, [.releasedInOrder], mayFail: [.databaseUnused, .jobsSettled], or: [.wrongOrder]),
        "early-finisher": Expectation(
            .dropped, [.releasedInOrder], mayFail: disorder, or: [.refusedWork, .wrongOrder]),
        "escalation-loses-order": Expectation(
            .dropped, [.releasedInOrder], mayFail: disorder, or: [.wrongOrder, .refusedWork]),
        "second-signal": Expectation(.wrongOrder, [.releasedInOrder], mayFail: disorder, or: [.dropped]),
        "double-shutdown": Expectation(.wrongOrder, [.releasedInOrder], mayFail: disorder, or: [.dropped]),
        "main-returns-early": Expectation(.dropped, gone, mayFail: followsKill),
        "exit-liar": Expectation(
            .dropped, [.inFlightAnswered],
            mayFail: [.webSocketsTold, .lateAnswered, .noPaymentInDoubt, .noPaymentTwice], or: [.duplicated]),
        "log-lost": Expectation(.wrongOrder, [.logComplete]),
        "group-signal": Expectation(.dropped, [.jobsSettled]),
        "orphan-holds-port": Expectation(.orphans, [.portFree, .nothingLeft]),
    ]
}
