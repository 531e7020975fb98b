/// How Drainboard was called for a run: the words of its command line.
///
/// As text it can be copied into a shell: `drainboard check --signal INT -- node 'my server.js'`.
public struct Invocation: Hashable, Sendable, CustomStringConvertible {
    /// The words after the program's name.
    public let arguments: [String]

    public init(_ arguments: [String]) {
        self.arguments = arguments
    }

    /// The command line, each word quoted for a shell where it needs that.
    public var description: String { (["drainboard"] + arguments).map(shellQuoted).joined(separator: " ") }

    /// The options of the subcommand: the words between its name and `--`, behind which the server's command stands.
    public var options: [String] {
        let words = arguments.prefix { $0 != "--" }
        return Array(words.first?.hasPrefix("-") == false ? words.dropFirst() : words)
    }

    /// Reads what ``description`` wrote; nil for any other text.
    public init?(_ text: String) {
        guard let words = Self.words(text), words.first == "drainboard" else { return nil }
        self.init(Array(words.dropFirst()))
    }

    /// The words that a shell makes of a line of bare words, words in single quotes, and `\'` (POSIX, 2.2 Quoting).
    private static func words(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var rest = line[...]
        while let first = rest.popFirst() {
            switch first {
            case " ":
                if let whole = word { words.append(whole) }
                word = nil
            case "'":
                guard let end = rest.firstIndex(of: "'") else { return nil }
                word = (word ?? "") + rest[..<end]
                rest = rest[rest.index(after: end)...]
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                word = (word ?? "") + String(escaped)
            default: word = (word ?? "") + String(first)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}

/// A word that a POSIX shell reads as this text: bare where it may be, else in single quotes.
package func shellQuoted(_ word: String) -> String {
    let isBare = word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_./:=,+@%".utf8.contains(byte)
        }
    }
    return isBare && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
}
