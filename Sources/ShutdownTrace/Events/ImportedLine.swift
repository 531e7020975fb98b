/// The line of another program's log that an importer read an event from.
extension Event {
    /// The line's text; nil for an event of any other source.
    public var importedLine: String? {
        get { source == .importer ? fields.string(.text) : nil }
        set { fields[.text] = newValue.map { .string($0) } }
    }

    /// How serious the line is, where it says so.
    public var level: LogLevel? { fields.word(.level) }

    /// The line's number in its file, from 1.
    public var lineNumber: Int? {
        get { fields.int("line") }
        set { fields["line"] = newValue.map { .number($0) } }
    }

    /// Adds the line's text and level.
    public mutating func quote(_ text: String, _ level: LogLevel?) {
        importedLine = text
        fields[.level] = level.map { .string($0.rawValue) }
    }
}
