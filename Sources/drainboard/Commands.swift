internal import Foundation
internal import Synchronization

/// The letters that a person types on standard input, a line each.
final class Commands: Sendable {
    private let letters = Mutex<[Character]>([])

    /// Reads on a thread of its own until the end of the input.
    ///
    /// - Parameter wake: Called on that thread after each line.
    init(wake: @escaping @Sendable () -> Void) {
        Thread.detachNewThread { [self] in
            while let line = readLine() {
                letters.withLock { $0 += line.filter { !$0.isWhitespace } }
                wake()
            }
        }
    }

    func takeAll() -> [Character] {
        letters.withLock { letters in
            defer { letters = [] }
            return letters
        }
    }
}

/// INT, TERM and HUP, kept until what has to be cleaned up is clean.
final class Interrupts: Sendable {
    private let caught = Mutex<Int32?>(nil)

    /// The first that came.
    var first: Int32? { caught.withLock { $0 } }

    /// Blocks the three signals for this thread and all that it starts later, and waits for them on a thread.
    ///
    /// Make it on the main thread, before any other thread exists (sigwait(3)).
    ///
    /// - Parameter wake: Called on that thread when one came.
    init(wake: @escaping @Sendable () -> Void) {
        var set = Self.signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
        Thread.detachNewThread { [self] in
            var waited = Self.signals
            var number: Int32 = 0
            while sigwait(&waited, &number) == 0 {
                let signal = number
                caught.withLock { $0 = $0 ?? signal }
                wake()
            }
        }
    }

    /// Ends this process by that signal's default action, so that its parent sees the cause.
    func die(by number: Int32) -> Never {
        Glibc.signal(number, SIG_DFL)
        var set = Self.signals
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
        Glibc.exit(128 + number)
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        return set
    }
}
