/// One key that was pressed, or what the mouse did.
package enum Key: Hashable, Sendable {
    case character(Character)
    /// A letter with Control, in lower case: `.control("c")`.
    case control(Character)
    case up, down, left, right
    case home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, insert, delete
    /// F1 is `.function(1)`.
    case function(Int)
    /// Any key with Alt, and a key that is no character with Shift or Control.
    indirect case held(Modifiers, Key)
    case mouse(Mouse)

    package static let shiftLeft = Key.held(.shift, .left)
    package static let shiftRight = Key.held(.shift, .right)

    /// Keys that are held while another is pressed; the bits are xterm's.
    package struct Modifiers: OptionSet, Hashable, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        package static let shift = Modifiers(rawValue: 1)
        package static let alt = Modifiers(rawValue: 2)
        package static let control = Modifiers(rawValue: 4)
        package static let meta = Modifiers(rawValue: 8)
    }

    /// The same key while these are held too.
    package func held(_ modifiers: Modifiers) -> Key {
        switch self {
        case .held(let others, let key): .held(others.union(modifiers), key)
        default: modifiers.isEmpty ? self : .held(modifiers, self)
        }
    }
}
