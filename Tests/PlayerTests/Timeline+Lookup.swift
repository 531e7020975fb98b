import ShutdownBoard
import ShutdownTrace

@testable import Player

/// Events and boards of a timeline, looked up by number or time with a cursor that has seen nothing before.
extension Timeline {
    func event(_ index: Int) -> Event? {
        var cursor = Cursor()
        return cursor.event(index, in: self)
    }

    func board(afterEvents count: Int) -> Board {
        var cursor = Cursor()
        return cursor.board(after: count, in: self)
    }
}
