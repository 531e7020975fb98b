import Glibc

/// Starts a detached thread for work that blocks in system calls, which neither tasks nor event loops may do.
///
/// It runs with every signal blocked except those that the body unblocks (pthread_sigmask(3)).
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let failure = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
    if failure == 0 { pthread_detach(thread) } else { box.release() }
}

/// Ties this process to its parent: when standard input ends, it ends too.
///
/// A thread blocks in read(2), so this works with any signal disposition and in a server that hangs. The parent's
/// death closes the pipe, whatever killed it. PR_SET_PDEATHSIG would fire when the creating thread ends (prctl(2)).
func tieToStandardInput() {
    startThread {
        var byte: UInt8 = 0
        while true {
            let count = read(0, &byte, 1)
            if count == 0 || (count < 0 && errno != EINTR) { _exit(3) }
        }
    }
}

/// Raises the soft limit of open files to the hard one (setrlimit(2)).
func raiseOpenFiles() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
