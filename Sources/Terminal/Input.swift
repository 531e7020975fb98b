public import Screen

/// What the terminal has to say, one thing at a time.
public enum Input: Hashable, Sendable {
    /// A key was pressed. Pasted text is not reported.
    case key(Key)
    /// The terminal has another size now; present a frame of that size.
    case resized(Size)
    /// INT, TERM, HUP or QUIT (its number) has arrived: clean up, `close`, and `Terminal.die(by:)` it.
    case signal(Int32)
    /// `Waker.wake` was called, once or more often.
    case woken
    /// The process was stopped and goes on; present again, perhaps in another size.
    case resumed
    /// The terminal is gone: nobody will ever read or type again.
    case closed
    /// The deadline has passed.
    case timedOut
}
