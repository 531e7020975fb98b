import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace

/// Owns SIGTERM and SIGINT, and SIGHUP where it is asked to, from before anything slow until the very end.
///
/// ServiceGroup could trap them, but it arms them only inside `run()`, looks at the first one only, and on Linux the
/// default action never comes back afterwards, because libdispatch keeps its handler. So a handler of our own writes
/// each signal and its sender to a pipe, the only thing that is safe inside one (signal-safety(7)), and a thread reads.
struct Signals: Sendable {
    let handled: [Signal]

    init(_ hangup: Behaviour.Hangup) {
        handled = [.interrupt, .terminate] + (hangup == .shutsDown ? [.hangup] : [])
    }

    /// Installs the handlers and calls the closure for each signal, with its sender where a process sent it.
    ///
    /// The closure runs on a thread of its own, one signal at a time.
    func arm(_ received: @escaping @Sendable (Signal, _ sender: Int32) -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        Self.writeEnd.pointee = ends[1]
        let readEnd = ends[0]
        startThread { [handled] in
            // libdispatch and some parents block them; one thread that takes them is enough (signal(7)).
            Self.unblock(handled)
            var record = Record()
            while read(readEnd, &record, MemoryLayout<Record>.size) == MemoryLayout<Record>.size {
                received(Signal(rawValue: record.signal), record.sender)
            }
        }
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { signal, info, _ in
            let saved = errno
            var record = Record(signal: signal, sender: info?.pointee._sifields._kill.si_pid ?? 0)
            _ = write(Signals.writeEnd.pointee, &record, MemoryLayout<Record>.size)
            errno = saved
        }
        action.sa_flags = SA_SIGINFO | SA_RESTART
        for signal in handled { sigaction(signal.rawValue, &action, nil) }
    }

    /// Lets the default actions rule again, so that a hang after the end can still be ended by a signal.
    func restore() {
        for signal in handled { _ = Glibc.signal(signal.rawValue, SIG_DFL) }
        Self.unblock(handled)
    }

    /// Lets a signal end this process by its default action, which its parent sees as its death by that signal.
    static func die(of signal: Signal) -> Never {
        _ = Glibc.signal(signal.rawValue, SIG_DFL)
        unblock([signal])
        kill(getpid(), signal.rawValue)
        while true { pause() }
    }

    private struct Record {
        var signal: Int32 = 0
        var sender: Int32 = 0
    }

    /// A plain word of memory that is set before the first handler stands, so that the handler only loads it.
    ///
    /// Safe without a lock: the pointer never changes, and the word behind it is written once, before the first
    /// sigaction(2); handlers, which run on any thread, only read it.
    private nonisolated(unsafe) static let writeEnd = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    private static func unblock(_ signals: [Signal]) {
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in signals { sigaddset(&mask, signal.rawValue) }
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    }
}
