internal import CLinux
import Synchronization

/// How many files this process may have open (setrlimit(2), RLIMIT_NOFILE).
///
/// A run has more files open than most programs, so it takes what it may have. The programs that it starts get the limit
/// that this process was given: a server's own limit is part of what it does.
package enum OpenFiles {
    private struct Limits {
        /// The soft limit that this process was given, once it has another.
        var given: Int?
        /// The one that it took.
        var taken = 0
    }

    private static let limits = Mutex(Limits())

    /// No run needs more than this.
    private static let most = 65_536
    /// What may still be opened while the limit is the given one.
    private static let spare = 16

    /// Raises the soft limit to the hard one; returns the limit that holds now.
    @discardableResult
    package static func raise() -> Int {
        limits.withLock { limits in
            var (soft, hard) = (0, 0)
            guard clinux_file_limits(&soft, &hard) == 0 else { return Int.max }
            let wanted = min(hard, most)
            guard wanted > soft else { return max(soft, limits.taken) }
            // Between two programs that are started the soft limit is the raised one already.
            limits.given = limits.given ?? soft
            guard clinux_limit_files(wanted) == 0 else { return soft }
            limits.taken = wanted
            return wanted
        }
    }

    /// How many files this process has open now.
    package static var count: Int { ProcFS.numbers(in: "/proc/self/fd").count }

    /// Takes the limit that this process was given back, for a program that is about to be started.
    ///
    /// With more files open than that allows the limit stays: this process could open none meanwhile.
    static func lower() {
        limits.withLock { limits in
            guard let given = limits.given, count + spare <= given else { return }
            _ = clinux_limit_files(given)
        }
    }

    /// The program is started: takes what it may have again.
    static func restore() {
        limits.withLock { limits in
            if limits.given != nil { _ = clinux_limit_files(limits.taken) }
        }
    }
}
