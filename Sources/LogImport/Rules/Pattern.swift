internal import ShutdownTrace

/// The shape of a line in a rule: plain text, `*` for any run of characters, `{name}` for a field.
///
/// A pattern may stand anywhere in the line. A field that holds a number takes digits, `{signal}` takes one word, and
/// any other takes as little as lets the rest match. Matching goes back to the last `*` only, so a match costs at most
/// the length of the line times that of the pattern.
struct Pattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case literal([UInt8])
        case any(name: String?)
        case digits(name: String)
        case word(name: String)
    }

    /// What a field took: offsets in the line.
    struct Capture: Hashable, Sendable {
        var name: String
        var range: Range<Int>
    }

    /// Bytes of a line that patterns look at.
    static let reach = 4_096

    private var parts: [Part] = []
    /// Letters match whatever their case, and words only as a whole.
    let isLoose: Bool
    /// Nothing may follow: the pattern ends in `$`.
    private(set) var isAtEnd = false
    /// The longest piece of plain text, for a quick no.
    private(set) var anchor: [UInt8] = []

    /// Reads a pattern.
    ///
    /// - Throws: `RuleBook.Problem` for an open brace, a field without a name, or a pattern without plain text.
    init(_ text: String, isLoose: Bool = false) throws(RuleBook.Problem) {
        self.isLoose = isLoose
        var rest = Substring(text)
        while let first = rest.first {
            switch first {
            case "*":
                append(.any(name: nil))
                rest.removeFirst()
            case "{":
                guard let end = rest.firstIndex(of: "}") else { throw RuleBook.Problem("{ without } in \(text)") }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard !name.isEmpty else { throw RuleBook.Problem("a field without a name in \(text)") }
                append(Self.field(name))
                rest = rest[rest.index(after: end)...]
            case "$" where rest.count == 1:
                isAtEnd = true
                rest.removeFirst()
            default:
                let literal = rest.prefix { $0 != "*" && $0 != "{" && $0 != "$" }
                append(.literal(Array((isLoose ? literal.lowercased() : String(literal)).utf8)))
                rest = rest[literal.endIndex...]
            }
        }
        guard !anchor.isEmpty else { throw RuleBook.Problem("no plain text in \"\(text)\"") }
    }

    private static func field(_ name: String) -> Part {
        if numbers.contains(name) { return .digits(name: name) }
        return name == signal ? .word(name: name) : .any(name: name)
    }

    /// The field that holds a signal.
    static let signal = "signal"

    /// The fields that hold whole numbers.
    static let numbers: Set<String> = [
        "code", "pid", "port", "left", "count", "open", "status", "id", "lines", "grace", "sender",
    ]

    /// A value that a field may have.
    static func sample(of name: String) -> Fields.Value {
        numbers.contains(name) ? 1 : name == signal ? .number(Signal.terminate.rawValue) : "x"
    }

    /// The names of the fields.
    var names: [String] {
        parts.compactMap { part in
            switch part {
            case .literal: nil
            case .any(let name): name
            case .digits(let name), .word(let name): name
            }
        }
    }

    private mutating func append(_ part: Part) {
        if case .any = part, case .any? = parts.last { return }
        if case .literal(let bytes) = part, bytes.count > anchor.count { anchor = bytes }
        parts.append(part)
    }

    /// Where the fields are in a line, or nil when the line has another shape.
    func match(_ line: [UInt8], steps: inout Int) -> [Capture]? {
        var attempt = Attempt(line: line.prefix(Self.reach), pattern: self)
        defer { steps += attempt.steps }
        return attempt.run()
    }

    private struct Attempt {
        let line: ArraySlice<UInt8>
        let pattern: Pattern
        var steps = 0
        var captures: [Capture] = []
        /// The last `*`, from where to try again: the part behind it, the next offset, and the captures before it.
        var retry = (part: 0, offset: 0, captures: 0)
        var part = 0
        var offset = 0

        mutating func run() -> [Capture]? {
            while part < pattern.parts.count || !endsWell {
                guard part < pattern.parts.count, take(pattern.parts[part]) else {
                    guard goBack() else { return nil }
                    continue
                }
                part += 1
            }
            return captures
        }

        private mutating func take(_ wanted: Part) -> Bool {
            steps += 1
            switch wanted {
            case .literal(let bytes): return takeLiteral(bytes)
            case .digits(let name): return takeRun(name) { $0 &- UInt8(ascii: "0") < 10 }
            case .word(let name): return takeRun(name) { $0.isLetterOrDigit || $0 == UInt8(ascii: "+") }
            case .any(let name):
                let isLast = part + 1 == pattern.parts.count
                if let name { captures.append(.init(name: name, range: offset..<(isLast ? line.count : offset))) }
                retry = (part + 1, offset, captures.count)
                if isLast { offset = line.count }
                return true
            }
        }

        private mutating func takeLiteral(_ bytes: [UInt8]) -> Bool {
            guard offset + bytes.count <= line.count, startsWell else { return false }
            for index in bytes.indices {
                steps += 1
                let byte = line[offset + index]
                guard (pattern.isLoose ? byte.lowercased : byte) == bytes[index] else { return false }
            }
            offset += bytes.count
            return true
        }

        private mutating func takeRun(_ name: String, _ belongs: (UInt8) -> Bool) -> Bool {
            guard startsWell else { return false }
            var end = offset
            while end < line.count, belongs(line[end]) { end += 1 }
            steps += end - offset
            guard end > offset else { return false }
            captures.append(.init(name: name, range: offset..<end))
            offset = end
            return true
        }

        private mutating func goBack() -> Bool {
            guard retry.offset < line.count else { return false }
            retry.offset += 1
            part = retry.part
            offset = retry.offset
            captures.removeLast(captures.count - retry.captures)
            if part > 0, case .any(let name?) = pattern.parts[part - 1], let last = captures.indices.last {
                captures[last] = .init(name: name, range: captures[last].range.lowerBound..<offset)
            }
            return true
        }

        /// A loose pattern begins and ends between words.
        private var startsWell: Bool {
            guard pattern.isLoose, part == 0, offset > 0 else { return true }
            return !line[offset - 1].joinsWords
        }

        private var endsWell: Bool {
            if pattern.isAtEnd, offset < line.count { return false }
            guard pattern.isLoose, offset < line.count else { return true }
            return !line[offset].joinsWords
        }
    }
}

extension UInt8 {
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
    var isLetterOrDigit: Bool { isDigit || isLetter }
    var lowercased: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }

    /// Whether it makes one word of what stands on both sides, as in a path or an identifier.
    fileprivate var joinsWords: Bool {
        isLetterOrDigit || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/")].contains(self)
    }
}
