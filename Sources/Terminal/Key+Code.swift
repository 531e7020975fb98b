internal import CTerminal
internal import Screen

/// Keys from the numbers that CTerminal reports.
extension Key {
    /// Reads a number of `ct_next_key`; nil for a number that is no key.
    init?(code: Int32) {
        switch code {
        case 9: self = .tab
        case 10, 13: self = .enter
        case 8, 127: self = .backspace
        case 27: self = .escape
        case 1...26: self = .control(Character(Unicode.Scalar(UInt8(code) + 96)))
        case 32...0x10FFFF:
            guard let scalar = Unicode.Scalar(UInt32(code)), scalar.properties.generalCategory != .control else {
                return nil
            }
            self = .character(Character(scalar))
        default:
            guard let key = Self.named(ct_key(UInt32(bitPattern: code))) else { return nil }
            self = key
        }
    }

    private static func named(_ code: ct_key) -> Key? {
        switch code {
        case CT_KEY_UP: .up
        case CT_KEY_DOWN: .down
        case CT_KEY_LEFT: .left
        case CT_KEY_RIGHT: .right
        case CT_KEY_SHIFT_LEFT: .shiftLeft
        case CT_KEY_SHIFT_RIGHT: .shiftRight
        case CT_KEY_HOME: .home
        case CT_KEY_END: .end
        case CT_KEY_PAGE_UP: .pageUp
        case CT_KEY_PAGE_DOWN: .pageDown
        case CT_KEY_ENTER: .enter
        case CT_KEY_BACKTAB: .backTab
        case CT_KEY_BACKSPACE: .backspace
        case CT_KEY_DELETE: .delete
        default: function(code)
        }
    }

    private static func function(_ code: ct_key) -> Key? {
        let number = Int(code.rawValue) - Int(CT_KEY_FUNCTION.rawValue)
        return (1...12).contains(number) ? .function(number) : nil
    }
}
