internal import Screen

/// Keys that are one byte, and the mouse's numbers.
extension Key {
    /// Nil for a byte that is no key.
    init?(_ byte: UInt8) {
        switch byte {
        case 9: self = .tab
        case 10, 13: self = .enter
        case 8, 127: self = .backspace
        case 1...26: self = .control(Character(Unicode.Scalar(byte + 96)))
        case 32..<127: self = .character(Character(Unicode.Scalar(byte)))
        default: return nil
        }
    }
}

extension Mouse {
    /// Reads a report of xterm's SGR protocol; nil for a movement and for a button that has no name.
    init?(code: Int, column: Int, row: Int, isPress: Bool) {
        guard let action = Self.action(code & ~0b11100, isPress), column > 0, row > 0 else { return nil }
        var modifiers: Key.Modifiers = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        self.init(action, row: row - 1, column: column - 1, modifiers: modifiers)
    }

    private static func action(_ button: Int, _ isPress: Bool) -> Action? {
        switch button {
        case 64: isPress ? .wheelUp : nil
        case 65: isPress ? .wheelDown : nil
        default: Button(rawValue: button).map { isPress ? .press($0) : .release($0) }
        }
    }
}
