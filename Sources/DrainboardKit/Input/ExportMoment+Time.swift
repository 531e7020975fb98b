package import LogImport
import Player
import ShutdownBoard
package import ShutdownTrace

/// A moment of a recorded run on the clock of the run.
extension ExportMoment {
    /// The moment where the first signal was sent at this time.
    package func time(signal: Time) -> Time {
        switch self {
        case .sinceStart(let seconds): .seconds(seconds)
        case .sinceSignal(let seconds): max(.zero, signal + .seconds(seconds))
        }
    }

    /// Looks for the signal in a recording, where the moment is counted from it.
    ///
    /// - Returns: The moment.
    /// - Throws: `Failure` when it cannot be read or has no signal.
    package func time(in file: String, _ rules: RuleBook) throws -> Time {
        guard case .sinceSignal = self else { return time(signal: .zero) }
        let recording = try Recording(contentsOf: file, rules: rules)
        try recording.readWhole()
        guard let signal = recording.timeline.head.stopSignal else {
            throw Failure("\(file.fileName) has no signal. Give --at in seconds since the start of the run.")
        }
        return time(signal: signal.at)
    }
}
