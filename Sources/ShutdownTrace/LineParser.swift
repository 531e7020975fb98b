/// Reads one line of JSON into a header, an event, or a sentence that says what is wrong with it.
///
/// Written for traces: one pass over the bytes, no tree, no Foundation. Everything that JSON allows in a flat object
/// is understood (RFC 8259); a nested value is kept as its text.
public struct LineParser {
    /// What a line holds.
    public enum Line: Hashable, Sendable {
        case header(Header)
        case event(Event)
    }

    /// Why a line was skipped.
    ///
    /// The text completes "line 12: …".
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    /// Parses one line without its newline.
    ///
    /// - Throws: `Problem`, for anything but a header or an event.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Line {
        var scanner = JSONScanner(bytes)
        let entries = try scanner.object()
        let fields = Fields(entries)
        if let version = fields.int("drainboard") { return .header(try header(fields, version)) }
        return .event(try event(fields))
    }

    /// Parses one line without its newline.
    public static func parse(_ text: String) throws(Problem) -> Line {
        var result: Result<Line, Problem>?
        Array(text.utf8).withUnsafeBytes { bytes in
            do throws(Problem) { result = .success(try parse(bytes)) } catch { result = .failure(error) }
        }
        guard let result else { throw Problem("cannot be read") }
        return try result.get()
    }

    /// The fields of any flat JSON object, for readers of other programs' logs.
    public static func fields(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Fields {
        var scanner = JSONScanner(bytes)
        return Fields(try scanner.object())
    }

    private static func header(_ fields: Fields, _ version: Int) throws(Problem) -> Header {
        guard version >= 1 else { throw Problem("\"drainboard\" is \(version), not a format version") }
        guard version <= Header.currentVersion else {
            throw Problem(
                "written by a newer Drainboard (format \(version), this one reads up to \(Header.currentVersion))")
        }
        let known: Set<Fields.Key> = ["drainboard", "started", "clock", "title", "command", "pid"]
        return Header(
            started: fields.string("started") ?? "", clock: fields.time("clock") ?? .zero,
            title: fields.string("title") ?? "", command: fields.string("command") ?? "", pid: fields.int("pid"),
            fields: Fields(fields.entries.filter { !known.contains($0.key) }), version: version)
    }

    private static func event(_ fields: Fields) throws(Problem) -> Event {
        var sequence = 0
        var time: Time?
        var source: Source?
        var name: String?
        var rest: [Fields.Entry] = []
        rest.reserveCapacity(max(0, fields.entries.count - 4))
        for entry in fields.entries {
            switch (entry.key.rawValue, entry.value) {
            case ("seq", .int(let number)): sequence = Int(clamping: number)
            case ("t", .double(let seconds)): time = .seconds(seconds)
            case ("t", .int(let seconds)): time = .seconds(Double(seconds))
            case ("src", .string(let text)): source = Source(rawValue: text)
            case ("ev", .string(let text)): name = text
            default: rest.append(entry)
            }
        }
        guard let name else { throw Problem("not an event: it has no \"ev\"") }
        guard let time else { throw Problem("\(name) has no time \"t\" in seconds") }
        guard let source else { throw Problem("\(name) has no known \"src\"") }
        return Event(name: name, from: source, at: time, sequence: sequence, Fields(rest))
    }
}
