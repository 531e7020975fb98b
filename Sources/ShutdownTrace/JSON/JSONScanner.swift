#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// One pass over the bytes of a flat JSON object (RFC 8259).
///
/// Keys come one after the other from ``key()``, and after each its value must be taken.
struct JSONScanner {
    typealias Problem = LineParser.Problem

    private let bytes: UnsafeBufferPointer<UInt8>
    private let lexicon = KnownKey.lexicon
    private var index = 0
    private var isInside = false

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes.assumingMemoryBound(to: UInt8.self)
    }

    /// Reads the whole input as one object.
    mutating func object() throws(Problem) -> [Fields.Entry] {
        var entries: [Fields.Entry] = []
        while let key = try key() { entries.append(.init(key, try value())) }
        return entries
    }

    /// Reads up to the next value and returns its key; nil after the last one, when nothing follows the object.
    mutating func key() throws(Problem) -> Fields.Key? {
        skipSpace()
        if isInside {
            guard take(",") else { return try end() }
            skipSpace()
        } else {
            guard take("{") else { throw Problem("not a JSON object") }
            isInside = true
            skipSpace()
            if peek == UInt8(ascii: "}") { return try end() }
        }
        let key = if let word = try word() { Fields.Key(word, in: lexicon) } else { Fields.Key(rawValue: try string()) }
        skipSpace()
        guard take(":") else { throw unexpected("a colon") }
        skipSpace()
        return key
    }

    /// Takes a key with all that is around it, if it is written exactly so; else nothing is taken.
    mutating func goesOn(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard let base = bytes.baseAddress, count <= bytes.count - index,
            memcmp(base + index, text.utf8Start, count) == 0
        else { return false }
        index += count
        isInside = true
        skipSpace()
        return true
    }

    private mutating func end() throws(Problem) -> Fields.Key? {
        guard take("}") else { throw unexpected("a comma or }") }
        skipSpace()
        guard index == bytes.count else { throw Problem("text after the object, at byte \(index + 1)") }
        return nil
    }

    mutating func value() throws(Problem) -> Fields.Value {
        guard let byte = peek else { throw Problem("ends in the middle") }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .raw(try nested())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try JSONNumber(bytes, &index).value
        }
    }

    /// A value that is a span in seconds, exact to the microsecond; nil, and nothing taken, if it is no number.
    mutating func time() throws(Problem) -> Time? {
        guard let byte = peek, byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10 else { return nil }
        return try JSONNumber(bytes, &index).time
    }

    /// A value that is a whole number; nil, and nothing taken, for any other.
    mutating func whole() -> Int? {
        let start = index
        if let number = try? JSONNumber(bytes, &index), case .int(let whole)? = try? number.value { return Int(whole) }
        index = start
        return nil
    }

    private mutating func literal(_ text: StaticString, _ value: Fields.Value) throws(Problem) -> Fields.Value {
        guard bytes.count - index >= text.utf8CodeUnitCount else { throw unexpected("a value") }
        for offset in 0..<text.utf8CodeUnitCount where bytes[index + offset] != text.utf8Start[offset] {
            throw unexpected("a value")
        }
        index += text.utf8CodeUnitCount
        return value
    }

    /// Skips a nested array or object, and keeps its text: only strings and brackets are looked at.
    private mutating func nested() throws(Problem) -> String {
        let start = index
        var closers: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                _ = try string()
                continue
            case UInt8(ascii: "{"): closers.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): closers.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard closers.popLast() == byte else { throw Problem("brackets do not match, at byte \(index + 1)") }
            default: break
            }
            index += 1
            if closers.isEmpty { return text(from: start) }
        }
        throw Problem("ends in the middle")
    }

    /// Takes a string without escapes as its bytes; nil, and nothing taken, for any other value.
    mutating func word() throws(Problem) -> UnsafeRawBufferPointer? {
        guard peek == UInt8(ascii: "\"") else { return nil }
        let start = index + 1
        let stop = try closing(from: start)
        guard bytes[stop] == UInt8(ascii: "\"") else { return nil }
        index = stop + 1
        return UnsafeRawBufferPointer(start: bytes.baseAddress.map { $0 + start }, count: stop - start)
    }

    private mutating func string() throws(Problem) -> String {
        if let word = try word() { return String(decoding: word, as: UTF8.self) }
        guard take("\"") else { throw unexpected("a quote") }
        let start = index
        index = try closing(from: start)
        return try escapedString(from: start)
    }

    /// The next quote or backslash.
    private func closing(from start: Int) throws(Problem) -> Int {
        var index = start
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= bytes.count {
            let eight = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = Self.places(of: "\"", in: eight) | Self.places(of: "\\", in: eight)
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "\\") { return index }
            index += 1
        }
        throw Problem("ends in the middle")
    }

    /// The top bit of each of eight bytes that is this character; exact up to the first of them.
    private static func places(of character: Unicode.Scalar, in eight: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = eight ^ (UInt64(UInt8(ascii: character)) &* ones)
        return (difference &- ones) & ~difference & (ones << 7)
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

    /// Joins a surrogate pair; half a pair becomes U+FFFD, and what follows it is read on its own.
    private mutating func unicodeScalar() throws(Problem) -> Character {
        let first = try hexQuad()
        if (0xD800..<0xDC00).contains(first), index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            let afterFirst = index
            index += 2
            let second = try hexQuad()
            let joined = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF)
            if (0xDC00..<0xE000).contains(second), let scalar = Unicode.Scalar(joined) { return Character(scalar) }
            index = afterFirst
        }
        return Character(Unicode.Scalar(first) ?? "\u{FFFD}")
    }

    private mutating func hexQuad() throws(Problem) -> UInt32 {
        guard index + 4 <= bytes.count else { throw Problem("broken \\u escape") }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw Problem("broken \\u escape") }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    private func text(from start: Int) -> String {
        String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = peek, byte == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        if let byte = peek, byte > 0x20 { return }
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { index += 1 }
    }

    private func unexpected(_ wanted: String) -> Problem {
        Problem(index < bytes.count ? "expected \(wanted) at byte \(index + 1)" : "ends in the middle")
    }
}
