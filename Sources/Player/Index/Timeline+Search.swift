public import ShutdownBoard
public import ShutdownTrace
internal import Synchronization

/// Events and boards of a timeline, looked up by number or time.
extension Timeline {
    /// The event with an index from 0; nil when there is none.
    public func event(_ index: Int) -> Event? {
        var cursor = Cursor()
        return cursor.event(index, in: self)
    }

    /// The board after so many events.
    public func board(afterEvents count: Int) -> Board {
        var cursor = Cursor()
        return cursor.board(after: count, in: self)
    }

    /// The board at a moment.
    public func board(at time: Time) -> Board { board(afterEvents: count(at: time)) }

    /// How many events have happened by a moment.
    ///
    /// The run's time never runs backwards: an event that tells an earlier time than one before it counts as happening
    /// at the time of that one.
    public func count(at time: Time) -> Int {
        var cursor = Cursor()
        return cursor.count(at: time, in: self)
    }
}
