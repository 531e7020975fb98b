/// How a cell looks: an ink for its meaning, and its emphasis.
package struct Style: Hashable, Sendable {
    package var ink: Ink
    package var emphasis: Emphasis

    package init(_ ink: Ink = .normal, _ emphasis: Emphasis = []) {
        self.ink = ink
        self.emphasis = emphasis
    }

    package static let plain = Style()

    /// The meaning of a cell.
    ///
    /// A theme decides which colour that is; without colour the words and glyphs remain.
    package enum Ink: UInt8, Hashable, Sendable, CaseIterable {
        /// Text: the terminal's own foreground.
        case normal
        /// Frames, labels, and everything that is over.
        case faint
        /// In flight, running, in use.
        case flight
        /// Done as it should be.
        case good
        /// At risk, or waiting too long.
        case risk
        /// Lost, cut, failed.
        case loss
        /// The signal and its line: the brightest thing on the screen.
        case signal
    }

    /// Attributes that stay when colour is off.
    package struct Emphasis: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let bold = Emphasis(rawValue: 1)
        package static let dim = Emphasis(rawValue: 2)
        package static let reverse = Emphasis(rawValue: 4)
        package static let underline = Emphasis(rawValue: 8)

        /// Whether a blank in this style is seen.
        package var showsOnBlanks: Bool { !isDisjoint(with: [.reverse, .underline]) }

        /// The parameters of SGR (ECMA-48, 8.3.117) that set it, after the one that resets all.
        package var sgr: [String] {
            let codes: [(Self, String)] = [(.bold, "1"), (.dim, "2"), (.underline, "4"), (.reverse, "7")]
            return ["0"] + codes.filter { contains($0.0) }.map(\.1)
        }
    }
}
