import ShutdownTrace

/// What a line that is typed into a run without a screen asks for: a letter, a word, or the name of a signal.
enum PlainCommand: Hashable, Sendable {
    case send(Signal)
    /// Asks whether SIGKILL is meant.
    case askToKill
    case confirm
    case turnGate
    case hold
    case release
    case step
    case explain
    case quit
    case help

    private struct Entry {
        var letter: String
        var word: String
        var command: PlainCommand
        /// Whether it needs a server that can be held between the steps of its shutdown.
        var isOfGate = false
        /// Whether the first line names it.
        var isOffered = true
    }

    private static let entries = [
        Entry(letter: "t", word: "term", command: .send(.terminate)),
        Entry(letter: "i", word: "int", command: .send(.interrupt)),
        Entry(letter: "K", word: "kill", command: .askToKill),
        Entry(letter: "y", word: "yes", command: .confirm, isOffered: false),
        Entry(letter: "g", word: "hold", command: .turnGate, isOfGate: true),
        Entry(letter: "G", word: "step", command: .step, isOfGate: true),
        Entry(letter: "e", word: "explain", command: .explain),
        Entry(letter: "q", word: "quit", command: .quit),
        Entry(letter: "?", word: "help", command: .help),
    ]

    private static func entries(_ hasGate: Bool) -> [Entry] { entries.filter { hasGate || !$0.isOfGate } }

    /// Reads a line; nil where it means nothing.
    init?(_ text: String, hasGate: Bool) {
        let word = text.lowercased()
        let found = Self.entries(hasGate).first { $0.letter == text || $0.word == word }
        switch (found?.command, word) {
        // The letter turns the gate over, as the key does; a word says which way.
        case (.turnGate, "hold"): self = .hold
        case (nil, "go") where hasGate: self = .release
        case (let command?, _): self = command
        case (nil, _):
            // Its whole name: "stop" and "quit" mean something else to most people.
            guard word.hasPrefix("sig"), Int(word.dropFirst(3)) == nil, let signal = Signal(word) else { return nil }
            self = signal == .kill ? .askToKill : .send(signal)
        }
    }

    /// "t term, i int": what can be typed, on one line.
    static func offer(_ hasGate: Bool) -> String {
        "Type a line: "
            + entries(hasGate).filter(\.isOffered).map { "\($0.letter) \($0.word)" }.joined(separator: ", ")
    }

    /// The same with the meanings.
    static func help(_ hasGate: Bool) -> [String] {
        let gate = hasGate ? "g hold or go on, G one step, " : ""
        let words = entries(hasGate).map(\.word) + (hasGate ? ["go"] : [])
        return [
            "t SIGTERM, i SIGINT, K SIGKILL after a question: y kills it",
            "\(gate)e explain, q quit, ? this help; each with Enter",
            "The same as words: \(words.joined(separator: ", ")).",
            "Every other signal by its whole name: sighup, sigquit, sigusr1 and so on.",
        ]
    }
}
