internal import ShutdownTrace

/// The kind of a file or of standard input, by its first bytes.
package enum Recognition: Hashable, Sendable {
    /// One of Drainboard's own traces.
    case trace
    /// The log of a program; nil for a program that no rule knows.
    case log(program: String?)
    /// Compressed, with the program that writes it out as text.
    case compressed(with: String)
    /// Not text.
    case binary
    /// Empty, or only spaces and line ends.
    case empty

    /// A sentence that says why it cannot be read; nil for what can be.
    package var complaint: String? {
        switch self {
        case .trace, .log: nil
        case .compressed(let tool):
            "it is compressed: pass it through \(tool), as in `\(tool) FILE | drainboard watch -`"
        case .binary: "it is no text in UTF-8: neither a trace nor a log"
        case .empty: "it is empty"
        }
    }
}

extension LogImporter {
    /// Says what a file is by its first bytes; 64 KiB are enough.
    package static func recognise(_ bytes: [UInt8], rules: RuleBook = .builtIn) -> Recognition {
        if let packed = packed.first(where: { bytes.starts(with: $0.magic) }) { return .compressed(with: packed.tool) }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .binary }
        // A log that was truncated while its writer kept its offset begins with zeros.
        let text = bytes.drop { $0 == 0 }
        guard text.contains(where: { $0 > 0x20 }) else { return bytes.contains(0) ? .binary : .empty }
        if isBinary(text) { return .binary }
        var reader = TraceReader()
        let items = reader.read(Array(text.prefix(1 << 16))) + reader.end()
        let isTrace = items.contains { if case .problem = $0 { false } else { true } }
        if isTrace { return .trace }
        return .log(program: program(of: Array(text.prefix(1 << 16)), rules))
    }

    /// The first bytes of compressed files (file(1), magic/Magdir/compress), and the programs that write them out.
    private static let packed: [(magic: [UInt8], tool: String)] = [
        ([0x1F, 0x8B], "zcat"), ([0x28, 0xB5, 0x2F, 0xFD], "zstdcat"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xzcat"),
        (Array("BZh".utf8), "bzcat"),
    ]

    /// Whether more than a tenth of the bytes are control characters; a run of zeros is a hole that a crash left in a text.
    private static func isBinary(_ text: ArraySlice<UInt8>) -> Bool {
        var odd = 0
        var zeros = 0
        for byte in text {
            if byte == 0 {
                zeros += 1
                continue
            }
            odd += zeros < 16 ? zeros : 0
            zeros = 0
            if byte < 0x20, ![0x09, 0x0A, 0x0D, 0x1B, 0x0C, 0x08].contains(byte) { odd += 1 }
        }
        return odd * 10 > text.count
    }

    private static func program(of bytes: [UInt8], _ rules: RuleBook) -> String? {
        var importer = LogImporter(rules: rules)
        _ = importer.read(bytes)
        _ = importer.end()
        return importer.program
    }
}
