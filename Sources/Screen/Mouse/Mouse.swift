/// What the mouse did over one cell of the screen.
package struct Mouse: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case press(Button), release(Button)
        case wheelUp, wheelDown
    }

    package enum Button: Int, Hashable, Sendable {
        case left, middle, right
    }

    package var action: Action
    /// Counted from 0, as the cells of a ``Frame``.
    package var row: Int
    package var column: Int
    package var modifiers: Key.Modifiers

    package init(_ action: Action, row: Int, column: Int, modifiers: Key.Modifiers = []) {
        self.action = action
        self.row = row
        self.column = column
        self.modifiers = modifiers
    }
}
