internal import ShutdownTrace

/// What the first bytes of a file or of standard input are.
public enum Recognition: Hashable, Sendable {
    /// One of Drainboard's own traces.
    case trace
    /// Some program's log; nil for one that no rule knows.
    case log(program: String?)
    /// Compressed with gzip (RFC 1952).
    case gzip
    /// No text.
    case binary
    /// Nothing, or nothing but spaces and line ends.
    case empty

    /// A sentence for what cannot be read; nil for what can.
    public var complaint: String? {
        switch self {
        case .trace, .log: nil
        case .gzip: "it is compressed with gzip: pass it through zcat, as in `zcat FILE | drainboard watch -`"
        case .binary: "it is no text: neither a trace nor a log"
        case .empty: "it is empty"
        }
    }
}

extension LogImporter {
    /// Says what a file is by its first bytes; 64 KiB are enough.
    public static func recognise(_ bytes: [UInt8], rules: RuleBook = .builtIn) -> Recognition {
        if bytes.starts(with: [0x1F, 0x8B]) { return .gzip }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .binary }
        // A log that was truncated while its writer kept its offset begins with zeros.
        let text = bytes.drop { $0 == 0 }
        guard text.contains(where: { $0 > 0x20 }) else { return bytes.contains(0) ? .binary : .empty }
        let odd = text.count { $0 < 0x20 && ![0x09, 0x0A, 0x0D, 0x1B, 0x0C, 0x08].contains($0) }
        if odd * 10 > text.count { return .binary }
        var reader = TraceReader()
        let items = reader.read(Array(text.prefix(1 << 16))) + reader.end()
        let isTrace = items.contains { if case .problem = $0 { false } else { true } }
        if isTrace { return .trace }
        return .log(program: program(of: Array(text.prefix(1 << 16)), rules))
    }

    private static func program(of bytes: [UInt8], _ rules: RuleBook) -> String? {
        var importer = LogImporter(rules: rules)
        _ = importer.read(bytes)
        _ = importer.end()
        return importer.program
    }
}
