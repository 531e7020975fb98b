internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What tells a timeline that more bytes are there; sleeps in the kernel until then.
final class Follower: Sendable {
    /// Dispatch lets any thread cancel a source (dispatch_source_create(3)), and nothing else is done with it.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private static let queue = DispatchQueue(label: "drainboard.follower")

    /// Calls `read` whenever the descriptor can be read, and closes the descriptor at the end.
    init(_ descriptor: Int32, read: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: Self.queue)
        source.setEventHandler(handler: read)
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    func stop() {
        source.cancel()
    }
}

extension Timeline {
    /// Watches a file for growth and truncation (inotify(7)); a file that cannot be watched is shown as it is.
    func follow(_ path: String) {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return }
        guard inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
            _ = Glibc.close(descriptor)
            return
        }
        let new = Follower(descriptor) { [weak self] in
            var notes = [UInt8](repeating: 0, count: 4_096)
            while read(descriptor, &notes, notes.count) > 0 {}
            self?.lookAgain()
        }
        follower.withLock { $0 = new }
        // What was written between the first reading and the watch.
        lookAgain()
    }

    /// Copies a stream into the store until it ends.
    func copy(_ descriptor: Int32) {
        let end = Mutex(0)
        let new = Follower(descriptor) { [weak self] in
            guard let self else { return }
            var bytes = [UInt8](repeating: 0, count: 1 << 18)
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR || errno == EAGAIN { return }
            guard count > 0 else { return endStream() }
            bytes.removeSubrange(count...)
            do throws(TapeError) {
                try store.write(bytes, at: end.withLock { $0 })
                end.withLock { $0 += count }
                indexer.withLock { $0 }.start(self)
            } catch {
                state.withLock { $0.reel.problems.add(error.description) }
                endStream()
            }
        }
        follower.withLock { $0 = new }
    }

    private func endStream() {
        let old = follower.withLock { follower in
            defer { follower = nil }
            return follower
        }
        old?.stop()
        state.withLock { $0.isOpen = false }
        indexer.withLock { $0 }.start(self)
    }
}
