import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace

/// The handlers for SIGTERM and SIGINT, and for SIGHUP where the behaviour is to have one.
///
/// ServiceGroup could trap them, but it does so only inside `run()`, takes only the first one, and on Linux the default
/// action never comes back afterwards, because libdispatch keeps its handler. So this handler writes each signal and its
/// sender to a pipe, which is one of the few things that are safe in a handler (signal-safety(7)), and a thread reads it.
struct SignalHandlers: Sendable {
    let handled: [Signal]

    init(_ hangup: Behaviour.Hangup) {
        handled = [.interrupt, .terminate] + (hangup == .shutsDown ? [.hangup] : [])
    }

    /// Installs the handlers.
    ///
    /// - Parameter received: Called for each signal, on a thread of its own, one signal at a time; the sender is 0 for a
    ///   signal that no process sent.
    func arm(_ received: @escaping @Sendable (Signal, _ sender: Int32) -> Void) {
        guard let pipe = try? Pipe() else { return }
        _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        Self.writeEnd.pointee = pipe.writing
        startThread { [handled] in
            // libdispatch and some parents block these signals; one thread that does not is enough (signal(7)).
            Self.unblock(handled)
            var record = Record()
            while read(pipe.reading, &record, MemoryLayout<Record>.size) == MemoryLayout<Record>.size {
                received(Signal(rawValue: record.signal), record.sender)
            }
        }
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { signal, info, _ in
            let saved = errno
            var record = Record(signal: signal, sender: info?.pointee._sifields._kill.si_pid ?? 0)
            _ = write(SignalHandlers.writeEnd.pointee, &record, MemoryLayout<Record>.size)
            errno = saved
        }
        action.sa_flags = SA_SIGINFO | SA_RESTART
        for signal in handled { sigaction(signal.rawValue, &action, nil) }
    }

    /// Restores the default actions, so that a signal can end a process that hangs after the shutdown.
    func restore() {
        for signal in handled { _ = Glibc.signal(signal.rawValue, SIG_DFL) }
        Self.unblock(handled)
    }

    /// Ends this process by the default action of a signal, so that its parent sees a death by that signal.
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

    /// The descriptor that the handler writes to.
    ///
    /// It is safe without a lock: the pointer never changes, and the number behind it is written once, before the first
    /// sigaction(2); handlers, which run on any thread, only read it.
    private nonisolated(unsafe) static let writeEnd = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    private static func unblock(_ signals: [Signal]) {
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in signals { sigaddset(&mask, signal.rawValue) }
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    }
}
