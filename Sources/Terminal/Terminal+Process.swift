internal import CTerminal
internal import Glibc

/// What the process as a whole does for its terminal: at its beginning, and at its end by a signal.
extension Terminal {
    /// Prepares the process for a terminal; call it first in main, before any other thread exists.
    ///
    /// Blocks INT, TERM, HUP, QUIT, TSTP, CONT and WINCH, which `next` then reports, on this thread and all that it will
    /// start (pthread_sigmask(3)): a child process must get its mask back when it is spawned. Where standard output is a
    /// terminal, it forks the process that restores the terminal if this process is killed.
    package static func prepareProcess() {
        ct_prepare(STDOUT_FILENO)
    }

    /// Ends the process by a signal's default action, so that the parent sees the true cause.
    ///
    /// - Parameter signal: 1...64. A terminal that is still open is restored first.
    package static func die(by signal: Int32) -> Never {
        ct_die_by(signal)
    }

    /// Ways to crash that a test may ask for.
    package enum Crash: String, Hashable, Sendable, CaseIterable {
        case trap, segv, abort
    }

    /// Crashes, so that a test can see the terminal restored.
    package static func crash(_ crash: Crash) -> Never {
        switch crash {
        case .trap: fatalError("a trap, asked for by a test")
        case .segv: ct_fault()
        case .abort: abort()
        }
        fatalError("a write through a null pointer went unnoticed")
    }
}
