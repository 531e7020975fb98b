internal import Screen

/// What begins a control sequence or a control string: the byte after ESC (ECMA-48, 5.3).
enum Introducer: UInt8 {
    case csi = 0x5B  // [
    case ss3 = 0x4F  // O
    case osc = 0x5D  // ]
    case dcs = 0x50  // P
    case sos = 0x58  // X
    case pm = 0x5E  // ^
    case apc = 0x5F  // _

    /// The same in one byte.
    init?(eightBit byte: UInt8) {
        guard 0x80..<0xA0 ~= byte else { return nil }
        self.init(rawValue: byte - 0x40)
    }

    /// Whether it is also a key that the dashboard knows, and that sends nothing.
    var isBracket: Bool { self == .csi || self == .osc }

    var key: Key { .character(Character(Unicode.Scalar(rawValue))) }

    /// The state of the decoder after it.
    func state(modifiers: Key.Modifiers = [], isLate: Bool = false, isEightBit: Bool = false) -> KeyDecoder.State {
        switch self {
        case .csi, .ss3: .sequence(ControlSequence(isSS3: self == .ss3, modifiers: modifiers, isLate: isLate))
        case .osc, .dcs, .sos, .pm, .apc:
            .string(
                ControlString(endsByBell: self == .osc, isEightBit: isEightBit, isLate: isLate))
        }
    }
}

/// Control characters that mean something inside of sequences.
enum ASCII {
    static let bell: UInt8 = 0x07
    static let cancel: UInt8 = 0x18
    static let substitute: UInt8 = 0x1A
    static let escape: UInt8 = 0x1B
    static let backslash: UInt8 = 0x5C
}
