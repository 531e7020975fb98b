/// One pass over the bytes of a flat JSON object (RFC 8259).
struct JSONScanner {
    typealias Problem = LineParser.Problem

    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads the whole input as one object.
    mutating func object() throws(Problem) -> [Fields.Entry] {
        skipSpace()
        guard take("{") else { throw Problem("not a JSON object") }
        var entries: [Fields.Entry] = []
        entries.reserveCapacity(10)
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                let key = try string()
                skipSpace()
                guard take(":") else { throw unexpected("a colon") }
                skipSpace()
                entries.append(.init(.init(rawValue: key), try value()))
                skipSpace()
            } while take(",")
            guard take("}") else { throw unexpected("a comma or }") }
        }
        skipSpace()
        guard index == bytes.count else { throw Problem("text after the object, at byte \(index + 1)") }
        return entries
    }

    private mutating func value() throws(Problem) -> Fields.Value {
        guard let byte = peek else { throw Problem("ends in the middle") }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .raw(try nested())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: StaticString, _ value: Fields.Value) throws(Problem) -> Fields.Value {
        guard bytes.count - index >= text.utf8CodeUnitCount else { throw unexpected("a value") }
        for offset in 0..<text.utf8CodeUnitCount where bytes[index + offset] != text.utf8Start[offset] {
            throw unexpected("a value")
        }
        index += text.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(Problem) -> Fields.Value {
        let start = index
        var isWhole = true
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
            default: return try number(start, isWhole)
            }
            index += 1
        }
        return try number(start, isWhole)
    }

    private func number(_ start: Int, _ isWhole: Bool) throws(Problem) -> Fields.Value {
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .int(number) }
        guard let number = Double(text), number.isFinite else { throw Problem("not a value, at byte \(start + 1)") }
        return .double(number)
    }

    /// Skips a nested array or object, and keeps its text.
    private mutating func nested() throws(Problem) -> String {
        let start = index
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                index += 1
                if depth == 0 { return String(decoding: bytes[start..<index], as: UTF8.self) }
            default: index += 1
            }
        }
        throw Problem("ends in the middle")
    }

    private mutating func string() throws(Problem) -> String {
        guard take("\"") else { throw unexpected("a quote") }
        let start = index
        while let byte = peek {
            if byte == UInt8(ascii: "\"") {
                defer { index += 1 }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            index += 1
        }
        throw Problem("ends in the middle")
    }

    /// The slow path: a string with at least one escape, of which `start..<index` is read.
    private mutating func escapedString(from start: Int) throws(Problem) -> String {
        var text = Array(bytes[start..<index])
        while let byte = peek {
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let escape = peek else { break }
            index += 1
            if escape == UInt8(ascii: "u") {
                text += String(try unicodeScalar()).utf8
            } else {
                text.append(try Self.plainEscape(escape))
            }
        }
        throw Problem("ends in the middle")
    }

    private static func plainEscape(_ byte: UInt8) throws(Problem) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "t"): 9
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        default: throw Problem("unknown escape in a string")
        }
    }

    private mutating func unicodeScalar() throws(Problem) -> Character {
        let first = try hexQuad()
        if (0xD800..<0xDC00).contains(first), index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            index += 2
            let second = try hexQuad()
            let joined = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF)
            if (0xDC00..<0xE000).contains(second), let scalar = Unicode.Scalar(joined) { return Character(scalar) }
            return "\u{FFFD}"
        }
        return Character(Unicode.Scalar(first) ?? "\u{FFFD}")
    }

    private mutating func hexQuad() throws(Problem) -> UInt32 {
        guard index + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw Problem("broken \\u escape") }
        index += 4
        return value
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = peek, byte == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { index += 1 }
    }

    private func unexpected(_ wanted: String) -> Problem {
        Problem(index < bytes.count ? "expected \(wanted) at byte \(index + 1)" : "ends in the middle")
    }
}
