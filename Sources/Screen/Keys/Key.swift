/// One key that was pressed.
package enum Key: Hashable, Sendable {
    case character(Character)
    /// A letter with Control, in lower case: `.control("c")`.
    case control(Character)
    case up, down, left, right
    case shiftLeft, shiftRight
    case home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, delete
    /// F1 is `.function(1)`.
    case function(Int)
}
