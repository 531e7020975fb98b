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

/// Keeps every signal away from the calling thread (pthread_sigmask(3)).
///
/// A write to a pipe that nobody reads then fails with EPIPE and kills nobody, whatever the process does about SIGPIPE,
/// which goes to the thread that wrote (pipe(7), signal(7)).
func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
}
