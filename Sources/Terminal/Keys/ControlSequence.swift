internal import Screen

/// A CSI or SS3 sequence under way, of which a key or nothing comes: parameters, intermediate bytes, a final byte.
struct ControlSequence {
    enum Outcome: Equatable {
        case goesOn
        case key(Key)
        case pasteBegins
        /// Three bytes follow, which say what the mouse did in the oldest protocol.
        case mouseBytesFollow
        /// A byte that cannot be in it has ended it, and begins something else.
        case broken
        case nothing
    }

    let isSS3: Bool
    /// What is held according to what came before it.
    let modifiers: Key.Modifiers
    /// Whether it went on after Escape was reported: what it means then is not done.
    let isLate: Bool
    private(set) var body: [UInt8] = []

    /// Whether nothing but brackets has come.
    var isEmpty: Bool { body.allSatisfy { $0 == Introducer.csi.rawValue } }

    /// The longest body of a key; a longer one is no key, and no more of it is kept.
    private static let limit = 24

    init(isSS3: Bool, modifiers: Key.Modifiers, isLate: Bool) {
        self.isSS3 = isSS3
        self.modifiers = modifiers
        self.isLate = isLate
    }

    mutating func take(_ byte: UInt8) -> Outcome {
        switch byte {
        case ASCII.escape, 0x80...: return .broken
        // The Linux console's F1 to F5 are CSI [ and a letter.
        case UInt8(ascii: "[") where body.isEmpty && !isSS3: break
        // rxvt ends a key with Shift by "$", which elsewhere only comes before the final byte.
        case UInt8(ascii: "$") where !isSS3 && !isLate && numbers?.count == 1: return outcome("$")
        case 0x20..<0x40: break
        case 0x40..<0x7F: return outcome(Unicode.Scalar(byte))
        default: return .nothing
        }
        if body.count <= Self.limit { body.append(byte) }
        return .goesOn
    }

    private func outcome(_ final: Unicode.Scalar) -> Outcome {
        if body.isEmpty, final == "M", !isSS3 { return .mouseBytesFollow }
        if body == Array("200".utf8), final == "~" { return .pasteBegins }
        guard body.count <= Self.limit, let key = isSS3 ? applicationKey(final) : key(final) else { return .nothing }
        return .key(key.held(modifiers))
    }

    /// The parameters; nil where something else is among them.
    var numbers: [Int]? { body.isEmpty ? [] : Self.numbers(body[...]) }

    static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int]? {
        let parts = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard parts.allSatisfy({ 1...5 ~= $0.count && $0.allSatisfy(digits.contains) }) else { return nil }
        return parts.map { $0.reduce(0) { $0 * 10 + Int($1 - digits.lowerBound) } }
    }
}
