package import ShutdownTrace

/// The items of an imported log as the lines of a trace, so that whatever reads traces reads logs.
extension LogImporter {
    /// One line, newline included; a problem becomes a `fault.reported` at the given time.
    package static func line(_ item: TraceReader.Item, at time: Time = .zero) -> [UInt8] {
        switch item {
        case .header(let header): return LineWriter.line(header)
        case .event(let event): return LineWriter.line(event)
        case .problem(let number, let text):
            var event = Event(.trace(.faultReported("line \(number): \(text)")), from: .importer, at: time)
            event.lineNumber = number
            return LineWriter.line(event)
        }
    }

    /// Reads the next piece of the log.
    ///
    /// - Parameters:
    ///   - bytes: The piece.
    ///   - note: Called with each item.
    /// - Returns: What it completes, as lines of a trace.
    package mutating func convert(_ bytes: [UInt8], note: (TraceReader.Item) -> Void = { _ in }) -> [UInt8] {
        let start = time
        return Self.lines(of: read(bytes), from: start, note)
    }

    /// Reads the last line, when no more bytes come.
    ///
    /// - Parameter note: Called with each item.
    /// - Returns: The rest of the trace.
    package mutating func convertEnd(note: (TraceReader.Item) -> Void = { _ in }) -> [UInt8] {
        let start = time
        return Self.lines(of: end(), from: start, note)
    }

    private static func lines(
        of items: [TraceReader.Item], from start: Time, _ note: (TraceReader.Item) -> Void
    ) -> [UInt8] {
        var time = start
        return items.flatMap { item in
            if case .event(let event) = item { time = event.time }
            note(item)
            return line(item, at: time)
        }
    }
}
