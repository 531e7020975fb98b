import Foundation
import Synchronization
import UnixSignals

/// INT, TERM and HUP, kept until what has to be cleaned up is clean.
final class Interrupts: Sendable {
    private let caught = Mutex<Int32?>(nil)

    /// The first that came.
    var first: Int32? { caught.withLock { $0 } }

    /// Traps the three signals from here on, for the rest of the process.
    ///
    /// - Parameter wake: Called on Swift's pool when one came.
    /// - Throws: Nothing in practice: the traps cannot fail.
    init(wake: @escaping @Sendable () -> Void) throws {
        let signals = try Console.wait { await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) }
        Task { [self] in
            for await signal in signals {
                caught.withLock { $0 = $0 ?? signal.rawValue }
                wake()
            }
        }
    }

    /// Ends this process by that signal's default action, so that its parent sees the cause.
    func die(by number: Int32) -> Never {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        Glibc.signal(number, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
        Glibc.exit(128 + number)
    }
}
