import Experiment
package import LogImport
import ShutdownTrace

/// Reads what a server prints as its log: lines that some rule knows become phases and steps of its release.
///
/// Such an event says what a line means and not what anybody saw, so it is marked as inferred. What the kernel, the
/// clients and the supervisor see for themselves is never taken from a log.
package struct Interpreter: OutputInterpreter {
    private var importer: LogImporter

    /// - Parameter rules: What the lines of logs mean.
    package init(rules: RuleBook) { importer = LogImporter(rules: rules) }

    mutating func meaning(of line: String, at time: Time) -> [Event] {
        (importer.read(Array("\(line)\n".utf8)) + importer.rest()).compactMap { item in
            guard case .event(var event) = item, Self.kinds.contains(event.kind) else { return nil }
            event.time = time
            event.isInferred = true
            // The event before it is the line itself.
            event.importedLine = nil
            return event
        }
    }

    /// What only the server itself can tell.
    private static let kinds: Set<EventKind> = [
        .shutdownBegan, .shutdownForced, .shutdownEnded, .leadEnded, .drainBegan, .drainDeadlinePassed, .drainEnded,
        .readinessLowered, .resourceAcquired, .resourceQuiesced, .resourceReleasing, .resourceReleased, .resourceFailed,
        .listenerOpened, .listenerClosed,
    ]
}
