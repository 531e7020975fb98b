import ArgumentParser
import DrainboardKit

/// A moment as a person writes it after `--at`, for every subcommand in one way.
extension ExportMoment {
    /// How the help describes it.
    static let help = "S seconds since the start of the run, or with a sign, +S or -S, since the signal"

    /// Reads `12.4`, seconds since the start of the run, or `+1.5` and `-0.5`, seconds since the first signal.
    ///
    /// - Throws: `ValidationError` when it is neither.
    init(_ text: String) throws {
        let isRelative = text.hasPrefix("+") || text.hasPrefix("-")
        guard let seconds = Double(text), (-1_000_000_000...1_000_000_000).contains(seconds) else {
            throw ValidationError(
                "\"\(text)\" is no moment: give seconds since the start of the run, such as 9.4, or with a sign since "
                    + "the signal, such as +1.2 or -0.5.")
        }
        self = isRelative ? .sinceSignal(seconds) : .sinceStart(seconds)
    }
}
