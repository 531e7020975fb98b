internal import Screen

/// A CSI or SS3 sequence under way, of which a key or nothing comes: parameters, intermediate bytes, a final byte.
///
/// The tables have the keys of xterm, the VT220, the Linux console, rxvt, screen and tmux. What is not in them is an
/// answer or a report, and no key: what a terminal is, where its cursor stands, its modes, focus, the keyboard
/// protocols that were not asked for. `CSI R` is always a position of the cursor, never F3.
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
    private var body: [UInt8] = []

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
        case 0x5B where body.isEmpty && !isSS3: break
        // rxvt ends a key with Shift by "$", which elsewhere only comes before the final byte.
        case 0x24 where !isSS3 && !isLate && numbers?.count == 1: return outcome(final: byte)
        case 0x20..<0x40: break
        case 0x40..<0x7F: return outcome(final: byte)
        default: return .nothing
        }
        if body.count <= Self.limit { body.append(byte) }
        return .goesOn
    }

    private func outcome(final: UInt8) -> Outcome {
        if body.isEmpty, final == 0x4D, !isSS3 { return .mouseBytesFollow }
        if final == 0x7E, body == Array("200".utf8) { return .pasteBegins }
        guard body.count <= Self.limit, let key = isSS3 ? applicationKey(final) : key(final) else { return .nothing }
        return .key(key.held(modifiers))
    }

    /// The parameters; nil where something else is among them.
    private var numbers: [Int]? { body.isEmpty ? [] : Self.numbers(body[...]) }

    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int]? {
        let parts = bytes.split(separator: 0x3B, omittingEmptySubsequences: false)
        let areNumbers = parts.allSatisfy { part in
            1...5 ~= part.count && part.allSatisfy { 0x30...0x39 ~= $0 }
        }
        return areNumbers ? parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } } : nil
    }

    private func key(_ final: UInt8) -> Key? {
        if body == [0x5B] { return 0x41...0x45 ~= final ? .function(Int(final) - 0x40) : nil }
        if body.first == 0x3C { return mouse(final) }
        guard let numbers else { return nil }
        switch final {
        case 0x24, 0x40, 0x5E, 0x7E: return Self.edited(by: numbers)?.held(Self.rxvt(final))
        case 0x61...0x64 where numbers.isEmpty: return Self.named(final - 0x20)?.held(.shift)
        case 0x5A where numbers.isEmpty: return .backTab
        case 0x52: return nil
        default:
            guard numbers.isEmpty || numbers.count == 2 && numbers[0] == 1 else { return nil }
            return Self.held(Self.named(final), numbers.dropFirst().first)
        }
    }

    /// A key of application mode (SS3), the keypad's among them.
    private func applicationKey(_ final: UInt8) -> Key? {
        guard let numbers, numbers.count < 3 else { return nil }
        switch final {
        case 0x61...0x64 where numbers.isEmpty: return Self.named(final - 0x20)?.held(.control)
        case 0x6A...0x79 where numbers.isEmpty: return .character(Character(Unicode.Scalar(final - 0x40)))
        case 0x58 where numbers.isEmpty: return .character("=")
        case 0x4D: return Self.held(.enter, numbers.last)
        case 0x49: return Self.held(.tab, numbers.last)
        default: return Self.held(Self.named(final), numbers.last)
        }
    }

    private func mouse(_ final: UInt8) -> Key? {
        guard let numbers = Self.numbers(body.dropFirst()), numbers.count == 3, final == 0x4D || final == 0x6D else {
            return nil
        }
        return Mouse(code: numbers[0], column: numbers[1], row: numbers[2], isPress: final == 0x4D).map { .mouse($0) }
    }

    private static func named(_ final: UInt8) -> Key? {
        switch final {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(final) - 0x4F)
        default: nil
        }
    }

    /// The key whose number is the first parameter (VT220), with what the second says is held.
    private static func edited(by numbers: [Int]) -> Key? {
        guard let number = numbers.first, numbers.count < 3 else { return nil }
        let key: Key? =
            switch number {
            case 1, 7: .home
            case 2: .insert
            case 3: .delete
            case 4, 8: .end
            case 5: .pageUp
            case 6: .pageDown
            case 11...15: .function(number - 10)
            case 17...21: .function(number - 11)
            case 23, 24: .function(number - 12)
            default: nil
            }
        return held(key, numbers.dropFirst().first)
    }

    /// xterm's parameter is one more than the bits of what is held; nil for a number that is none.
    private static func held(_ key: Key?, _ parameter: Int?) -> Key? {
        guard let parameter else { return key }
        return 1...16 ~= parameter ? key?.held(Key.Modifiers(rawValue: parameter - 1)) : nil
    }

    /// What rxvt says is held by the final byte.
    private static func rxvt(_ final: UInt8) -> Key.Modifiers {
        switch final {
        case 0x24: .shift
        case 0x5E: .control
        case 0x40: [.shift, .control]
        default: []
        }
    }
}
