/// The characters that the terminal can show; it chooses the colours itself.
package struct Capabilities: Hashable, Sendable {
    /// Whether its character set is UTF-8.
    ///
    /// Without UTF-8 every picture is drawn in ASCII.
    package var isUTF8: Bool

    package init(isUTF8: Bool = true) {
        self.isUTF8 = isUTF8
    }
}

/// The marks that pictures are made of, in one of two sets.
struct Glyphs: Hashable, Sendable {
    let isUTF8: Bool

    /// Good news: answered, held.
    var good: String { isUTF8 ? "✓" : "[x]" }
    /// What lies behind, however it went.
    var passed: String { isUTF8 ? "━" : "[=]" }
    var running: String { isUTF8 ? "▶" : "[>]" }
    /// A resource that takes nothing new any more, or a request that was turned away without harm.
    var quiesced: String { isUTF8 ? "◌" : "[o]" }
    var inUse: String { isUTF8 ? "·" : "[ ]" }
    var failed: String { isUTF8 ? "✗" : "[!]" }
    /// A mark that the help explains.
    enum Mark: Hashable, Sendable { case good, passed, running, quiesced, inUse, failed, line }

    subscript(mark: Mark) -> String {
        switch mark {
        case .good: good
        case .passed: passed
        case .running: running
        case .quiesced: quiesced
        case .inUse: inUse
        case .failed: failed
        case .line: String(Character(signalLine))
        }
    }

    /// The columns of each of the six above.
    var markWidth: Int { isUTF8 ? 1 : 3 }

    var bar: Unicode.Scalar { isUTF8 ? "█" : "#" }
    var rest: Unicode.Scalar { isUTF8 ? "░" : "." }
    var signalLine: Unicode.Scalar { isUTF8 ? "┃" : "|" }
    var nowLine: Unicode.Scalar { isUTF8 ? "┊" : ":" }
    /// The link between two stations that are passed, and between two that are not.
    var trackDone: String { isUTF8 ? "━━" : "==" }
    var trackAhead: String { isUTF8 ? "──" : "--" }
    var cursor: String { isUTF8 ? "▶" : ">" }
    var pause: String { isUTF8 ? "‖" : "=" }
    var stop: String { isUTF8 ? "■" : "#" }
    /// The timeline: the past, the time ahead, the beginning of a phase, a person's mark, and the present position.
    var barPassed: Unicode.Scalar { isUTF8 ? "━" : "=" }
    var barAhead: Unicode.Scalar { isUTF8 ? "─" : "-" }
    var phaseTick: Unicode.Scalar { isUTF8 ? "┼" : "+" }
    var mark: Unicode.Scalar { isUTF8 ? "◆" : "*" }
    var here: Unicode.Scalar { isUTF8 ? "●" : "O" }

    /// The last cell of a bar that fills so many eighths of it; nil for none.
    func partialBar(_ eighths: Int) -> Unicode.Scalar? {
        guard isUTF8, (1...7).contains(eighths) else { return eighths >= 4 ? bar : nil }
        return Self.eighths[eighths - 1]
    }

    /// A column of a chart, as high as this share of the highest, 0...1.
    func spark(_ share: Double) -> Unicode.Scalar {
        let levels = isUTF8 ? Self.sparks : Self.asciiSparks
        let index = Int((min(1, max(0, share)) * Double(levels.count - 1)).rounded(.up))
        return levels[min(levels.count - 1, max(0, index))]
    }

    /// What an ASCII terminal shows for a scalar of the program's own texts.
    static func ascii(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return scalar }
        return twins[scalar] ?? "?"
    }

    private static let eighths: [Unicode.Scalar] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    private static let sparks: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇"]
    private static let asciiSparks: [Unicode.Scalar] = ["_", ".", "-", "=", "+", "*", "#"]
    private static let twins: [Unicode.Scalar: Unicode.Scalar] = [
        "·": "-", "≤": "<", "→": ">", "←": "<", "↑": "^", "↓": "v", "…": "~", "µ": "u", "–": "-", "✓": "x", "✗": "!",
        "▶": ">", "◌": "o", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "─": "-", "━": "=", "│": "|", "┃": "|", "┊": ":",
        "×": "x",
    ]
}
