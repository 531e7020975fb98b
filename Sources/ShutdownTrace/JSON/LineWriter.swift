/// Headers and events as lines of JSON, each ending in a newline.
///
/// A line is built whole before it is written, so that one write(2) carries it and a killed writer tears at most
/// the last one.
public struct LineWriter: Sendable {
    private var bytes: [UInt8] = []

    public init() {}

    /// One event's line, newline included.
    public static func line(_ event: Event) -> [UInt8] {
        var writer = LineWriter()
        writer.bytes.reserveCapacity(224)
        writer.append(event)
        return writer.bytes
    }

    /// The header's line, newline included.
    public static func line(_ header: Header) -> [UInt8] {
        var writer = LineWriter()
        writer.append(header)
        return writer.bytes
    }

    /// Any flat object as one line, newline included.
    public static func line(_ fields: Fields) -> [UInt8] {
        var writer = LineWriter()
        writer.open()
        for entry in fields.entries { writer.put(entry) }
        writer.close()
        return writer.bytes
    }

    private mutating func append(_ event: Event) {
        append(#"{"seq":"#)
        append(Int64(event.sequence))
        append(#","t":"#)
        appendSeconds(event.time)
        append(#","src":""#)
        append(text: event.source.rawValue)
        append(#"","ev":"#)
        quote(event.name)
        for entry in event.fields.entries { put(entry) }
        close()
    }

    private mutating func append(_ header: Header) {
        open()
        put("drainboard", .number(header.version))
        put("started", .string(header.started))
        comma()
        quote("clock")
        bytes.append(UInt8(ascii: ":"))
        appendSeconds(header.clock)
        put("title", .string(header.title))
        put("command", .string(header.command))
        if let pid = header.pid { put("pid", .number(pid)) }
        for entry in header.fields.entries { put(entry) }
        close()
    }

    private mutating func open() { bytes.append(UInt8(ascii: "{")) }

    private mutating func close() { bytes += [UInt8(ascii: "}"), UInt8(ascii: "\n")] }

    private mutating func comma() {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func put(_ entry: Fields.Entry) { put(entry.key.rawValue, entry.value) }

    private mutating func put(_ key: String, _ value: Fields.Value) {
        comma()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        switch value {
        case .string(let text): quote(text)
        case .int(let number): append(number)
        case .double(let number): append(text: number.isFinite ? number.description : "null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .null: append("null")
        // Between two values a newline means no more than a space, and would end the line.
        case .raw(let text): bytes += text.utf8.lazy.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        }
    }

    /// Seconds with exactly six decimals, without going through a Double.
    private mutating func appendSeconds(_ time: Time) {
        if time.microseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, rest) = time.microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        append(digitsOf: whole)
        bytes.append(UInt8(ascii: "."))
        append(digitsOf: rest, atLeast: 6)
    }

    private mutating func append(_ number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        append(digitsOf: number.magnitude)
    }

    private mutating func append(digitsOf number: UInt64, atLeast width: Int = 1) {
        var count = 1
        var rest = number / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        bytes += repeatElement(UInt8(ascii: "0"), count: max(count, width))
        count = bytes.count
        rest = number
        while rest > 0 {
            count -= 1
            bytes[count] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    private mutating func append(_ text: StaticString) {
        bytes += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private mutating func append(text: String) {
        var text = text
        text.withUTF8 { bytes += $0 }
    }

    /// Control characters are escaped, also those above U+007F that some terminals obey.
    private mutating func quote(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        let isPlain = text.withUTF8 { utf8 in
            let isPlain = utf8.allSatisfy(Self.isPlain)
            if isPlain { bytes += utf8 }
            return isPlain
        }
        if !isPlain { for scalar in text.unicodeScalars { escape(scalar) } }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22, 0x5C: bytes += [UInt8(ascii: "\\"), UInt8(ascii: scalar)]
        case 0x0A: bytes += #"\n"#.utf8
        case 0x09: bytes += #"\t"#.utf8
        case 0..<0x20, 0x7F...0x9F:
            let digits = String(scalar.value, radix: 16)
            bytes += (#"\u00"# + (digits.count == 1 ? "0" : "") + digits).utf8
        default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
        }
    }
}
