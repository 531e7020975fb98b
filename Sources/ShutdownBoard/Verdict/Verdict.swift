package import ShutdownTrace

/// The judgement over one run: a word, the evidence, and each rule that held or did not.
///
/// Only what somebody saw counts. A rule that this run does not show is unknown and says why, one that does not apply
/// to it is left out, and a run in which nothing was in flight shows nothing, whatever the exit status.
package struct Verdict: Sendable {
    package enum Word: String, Hashable, Sendable, CaseIterable {
        case graceful = "GRACEFUL"
        /// Everything was done, but it stayed long after there was nothing left to do.
        case slow = "GRACEFUL-BUT-SLOW"
        /// New requests met a closed door before the balancer knew.
        case refusedWork = "REFUSED-WORK"
        /// Accepted work was lost.
        case dropped = "DROPPED"
        /// Work was done twice.
        case duplicated = "DUPLICATED"
        /// SIGKILL ended it, or a second signal met the default action in the middle of the shutdown.
        case forceKilled = "FORCE-KILLED"
        /// It died of the signal's default action.
        case unhandled = "UNHANDLED"
        /// It did not react at all.
        case ignored = "IGNORED"
        /// It took the signal for a wish to begin anew, and went on.
        case reloaded = "RELOADED"
        /// It died of a signal that nobody sent, or with a core.
        case crashed = "CRASHED"
        /// It drained, and its exit status says something else.
        case badExit = "BAD-EXIT"
        /// Something of it is still there.
        case orphans = "ORPHANS"
        /// A resource was released while another that needs it was in use.
        case wrongOrder = "WRONG-ORDER"
        case inconclusive = "INCONCLUSIVE"

        /// Whether it counts as a polite shutdown.
        package var isGraceful: Bool { self == .graceful || self == .slow }

        /// The exit status of `check` and `judge`: 0 graceful, 1 not, 3 inconclusive.
        package var exitCode: Int32 {
            switch self {
            case .graceful, .slow: 0
            case .inconclusive: 3
            case .refusedWork, .dropped, .duplicated, .forceKilled, .unhandled, .ignored, .reloaded, .crashed, .badExit,
                .orphans, .wrongOrder:
                1
            }
        }
    }

    package var word: Word
    package var exit: ExitStatus?
    /// How it ended, in words: "killed by signal 9 (SIGKILL), 1.9 s after SIGTERM, while draining".
    package var headline: String
    package var evidence: [Evidence]
    /// Those that apply to this run.
    package var rules: [Rule]
    package var numbers: Numbers
    /// What the server is made with, where that was seen.
    package var framework: Framework.Recognised?
    /// A sentence or two that a student understands: what this means.
    package var meaning: String
    /// What to do about it; empty where there is nothing to do.
    package var remedy: String

    /// One line of what was found, with its label: "released", "1 of 7   rotation; …".
    package struct Evidence: Hashable, Sendable {
        package var label: String
        package var text: String
        /// Whether it is bad news.
        package var isLoss: Bool
        /// Whether it is the worst news: a payment in a bad cell, or something that was left behind.
        package var isWorst = false
    }

    /// One rule of a polite shutdown.
    package struct Rule: Hashable, Sendable {
        package var name: RuleName
        package var finding: Judge.Finding
        /// How to mend it in this run; nil where it held, or nothing is to be done.
        package var advice: String?

        /// Nil when this run does not show it.
        package var held: Bool? {
            switch finding {
            case .held: true
            case .failed: false
            case .unknown, .inapplicable: nil
            }
        }

        package var evidence: String { finding.words }
    }

    package subscript(name: RuleName) -> Rule? { rules.first { $0.name == name } }
}
