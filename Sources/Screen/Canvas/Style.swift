/// How a cell looks: an ink for its meaning, and its emphasis.
public struct Style: Hashable, Sendable {
    public var ink: Ink
    public var emphasis: Emphasis

    public init(_ ink: Ink = .normal, _ emphasis: Emphasis = []) {
        self.ink = ink
        self.emphasis = emphasis
    }

    public static let plain = Style()

    /// The meaning of a cell.
    ///
    /// A theme decides which colour that is; without colour the words and glyphs remain.
    public enum Ink: UInt8, Hashable, Sendable, CaseIterable {
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
    public struct Emphasis: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let bold = Emphasis(rawValue: 1)
        public static let dim = Emphasis(rawValue: 2)
        public static let reverse = Emphasis(rawValue: 4)
        public static let underline = Emphasis(rawValue: 8)
    }
}
