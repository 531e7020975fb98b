internal import CTerminal
internal import Glibc

/// Wakes the thread that sleeps in `Terminal.next`; safe on every thread, also after the terminal is closed.
package final class Waker: Sendable {
    /// An eventfd(2), open as long as this object lives.
    let descriptor: Int32

    init?() {
        descriptor = ct_waker()
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// Makes `next` return `.woken`; never blocks.
    ///
    /// Calls that are not yet reported count as one.
    package func wake() {
        ct_wake(descriptor)
    }
}
