public import DemoServer

/// What a lesson says of a phase: one or two sentences on what its server does there, and why.
///
/// It stands in the place of what is true of most servers, behind the facts of the moment. A text is shown in every run
/// of its lesson, whatever somebody pressed, so it tells what this server does by its code, and what follows if something
/// else happens; what is true only from some event on has a text of its own. The text for "gone" is shown with the
/// lesson's own verdict only.
public enum Explanations {
    /// Phases as the board names them, in lower case, in the order in which they come.
    public static let phases =
        (["starting", "serving", "signalled", "leaving rotation", "draining"]
        + ["scheduler", "workers", "ledger", "log"].map { "releasing \($0)" } + ["exiting", "gone"])
        .flatMap { phase in [phase] + circumstances.map { "\(phase), \($0)" } }

    /// What may be so in a phase and need words of its own.
    private static let circumstances = ["frozen", "job abandoned", "ledger closed", "nothing in flight"]

    /// The texts for the broken server and for the mended one, by phase.
    struct Pair {
        var broken: [String: String]
        var mended: [String: String] = [:]
    }

    /// The texts of a scenario, by phase; empty for a mended server that does not exist.
    public static func of(_ scenario: Scenario, isMended: Bool) -> [String: String] {
        guard let pair = all[scenario.name] else { return [:] }
        return isMended ? pair.mended : pair.broken
    }

    private static let all = [signals, door, connections, payments, limits, cleanUp, leaving]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
}
