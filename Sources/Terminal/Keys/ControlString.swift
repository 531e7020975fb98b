/// An OSC, DCS, APC, PM or SOS under way: what a terminal answers in such a string is no key, whatever it holds.
///
/// Nothing of it is kept.
struct ControlString {
    enum Outcome { case goesOn, over, escaped }

    /// Whether BEL ends it, as xterm lets it for OSC.
    let endsByBell: Bool
    /// Whether one byte can end it; in other strings that byte is part of a character.
    let isEightBit: Bool
    /// Whether it began after Escape was reported.
    let isLate: Bool
    /// Whether nothing but brackets has come.
    private(set) var isEmpty = true
    private var sawEscape = false

    init(endsByBell: Bool, isEightBit: Bool, isLate: Bool) {
        self.endsByBell = endsByBell
        self.isEightBit = isEightBit
        self.isLate = isLate
    }

    mutating func take(_ byte: UInt8) -> Outcome {
        isEmpty = isEmpty && Introducer(rawValue: byte)?.isBracket == true
        switch byte {
        case ASCII.escape: sawEscape = true
        case ASCII.backslash where sawEscape, ASCII.cancel, ASCII.substitute: return .over
        case _ where sawEscape: return .escaped
        case ASCII.bell where endsByBell, 0x9C where isEightBit: return .over
        default: break
        }
        return .goesOn
    }
}
