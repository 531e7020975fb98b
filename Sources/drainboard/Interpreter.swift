internal import LogImport
internal import ShutdownTrace

/// Reads what a server prints as its log: lines that some rule knows become phases and steps of its release.
///
/// They are what a line means and not what anybody saw, so each is marked as inferred. What the kernel, the clients and
/// the supervisor see for themselves is never taken from a log.
struct Interpreter {
    private var importer: LogImporter
    private var sequence = 0

    /// - Parameter rules: What the lines of logs mean.
    init(rules: RuleBook) { importer = LogImporter(rules: rules) }

    /// The items, each printed line followed by what it means.
    mutating func read(_ items: [TraceReader.Item]) -> [TraceReader.Item] {
        var read: [TraceReader.Item] = []
        for item in items {
            read.append(item)
            guard case .event(let event) = item, event.kind == .outputPrinted, event.fields.int(.instance) ?? 1 == 1,
                let text = event.fields.string(.text)
            else { continue }
            let meaning = importer.read(Array("\(text)\n".utf8)) + importer.rest()
            read += meaning.compactMap { inferred($0, at: event.time) }
        }
        return read
    }

    private mutating func inferred(_ item: TraceReader.Item, at time: Time) -> TraceReader.Item? {
        guard case .event(var event) = item, Self.kinds.contains(event.kind) else { return nil }
        sequence += 1
        (event.time, event.sequence) = (time, sequence)
        event.fields[.inferred] = true
        // The line itself stands right before it.
        event.fields[.text] = nil
        return .event(event)
    }

    /// What only the server itself can tell.
    private static let kinds: Set<EventKind> = [
        .shutdownBegan, .shutdownForced, .shutdownEnded, .leadEnded, .drainBegan, .drainDeadlinePassed, .drainEnded,
        .readinessLowered, .resourceAcquired, .resourceQuiesced, .resourceReleasing, .resourceReleased, .resourceFailed,
        .listenerOpened, .listenerClosed,
    ]
}
