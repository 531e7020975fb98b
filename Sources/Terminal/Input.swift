package import Screen

/// One thing that the terminal reports: a key, a paste, a size, a signal, a wake-up.
package enum Input: Hashable, Sendable {
    case key(Key)
    /// Text was pasted: it is no key, whatever it holds.
    case pasted(Paste)
    /// The terminal has another size now; present a frame of that size.
    case resized(Size)
    /// INT, TERM, HUP or QUIT (its number) has arrived: clean up, `close`, and `Terminal.die(by:)` it.
    case signal(Int32)
    /// `Waker.wake` was called, once or more often.
    case woken
    /// The process was stopped and goes on: present a frame again, perhaps in another size.
    case resumed
    /// The terminal is gone: no frame will be read and no key will come any more.
    case closed
    /// The deadline has passed.
    case timedOut
}
