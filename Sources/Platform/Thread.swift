internal import CLinux
internal import Glibc

/// Starts a detached thread for work that blocks in system calls, which neither tasks nor event loops may do.
package func startThread(_ body: @escaping @Sendable () -> Void) {
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

/// Starts a detached thread that top(1) and /proc show by this name, of at most 15 bytes.
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    startThread {
        clinux_name_thread(name)
        body()
    }
}

/// Keeps every signal away from the calling thread (pthread_sigmask(3)).
///
/// A write to a pipe without a reader then fails with EPIPE and does not kill the process, because SIGPIPE goes to the
/// thread that wrote (pipe(7), signal(7)).
package func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
}
