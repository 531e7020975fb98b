public import ShutdownTrace

/// The items of an imported log as the lines of a trace, so that whatever reads traces reads logs.
extension LogImporter {
    /// One line, newline included; a problem becomes a `fault.reported` at the given time.
    public static func line(_ item: TraceReader.Item, at time: Time = .zero) -> [UInt8] {
        switch item {
        case .header(let header): return LineWriter.line(header)
        case .event(let event): return LineWriter.line(event)
        case .problem(let number, let text):
            let fields: Fields = [.text: .string("line \(number): \(text)"), "line": .number(number)]
            return LineWriter.line(Event(.faultReported, from: .importer, at: time, fields))
        }
    }

    /// Reads the next piece of the log and returns what it completes as lines of a trace.
    public mutating func convert(_ bytes: [UInt8]) -> [UInt8] { lines(of: read(bytes)) }

    /// The rest of the trace, when no more bytes come.
    public mutating func convertEnd() -> [UInt8] { lines(of: end()) }

    private func lines(of items: [TraceReader.Item]) -> [UInt8] {
        var time = Time.zero
        return items.flatMap { item in
            if case .event(let event) = item { time = event.time }
            return Self.line(item, at: time)
        }
    }
}
