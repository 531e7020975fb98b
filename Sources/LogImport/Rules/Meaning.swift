internal import ShutdownTrace

/// The events that the lines of a log mean.
extension RuleBook {
    /// One event that a line means.
    ///
    /// A rules file names events and values in the words of the trace format. Here alone those words become types.
    struct Meaning: Hashable, Sendable {
        let kind: EventKind
        /// Whether the line does not say it in so many words.
        let isInferred: Bool
    }
}

extension RuleBook.Meaning {
    /// Reads `drain.ended`, or `drain.ended?` for what the line does not say itself.
    init(_ text: String, isInferred: Bool) throws(RuleBook.Problem) {
        let name = text.hasSuffix("?") ? String(text.dropLast()) : text
        kind = EventKind(name: name)
        self.isInferred = isInferred || text.hasSuffix("?")
        guard kind != .unknown else { throw RuleBook.Problem("no event is called \(name)") }
    }

    /// Checks that a rule has what the event needs.
    ///
    /// - Parameters:
    ///   - values: The values that the rule gives every line.
    ///   - names: The fields that the rule reads from a line.
    /// - Throws: `RuleBook.Problem` for a value without which the event means nothing.
    func check(_ values: Fields, reading names: [String]) throws(RuleBook.Problem) {
        var sample = values
        for name in names { sample[Fields.Key(rawValue: name)] = Pattern.sample(of: name) }
        do throws(Payload.Missing) {
            _ = try Payload(event(sample))
        } catch {
            guard unnamed == nil, !names.contains(error.field) else { return }
            throw RuleBook.Problem("\(kind.rawValue) has \(error)")
        }
    }

    /// What a line with these values says; nil where they cannot be what the event needs, such as the exit code 900.
    func content(_ values: Fields) -> LogFact.Content? {
        (try? Payload(event(values))).map(LogFact.Content.event) ?? unnamed
    }

    private func event(_ values: Fields) -> Event { Event(kind, from: .importer, at: .zero, values) }

    /// What a line says that lacks the event's name or number.
    private var unnamed: LogFact.Content? {
        switch kind {
        case .signalReceived: .unnamedSignal
        case .resourceReleased, .resourceFailed: .unnamedRelease
        default: nil
        }
    }
}
