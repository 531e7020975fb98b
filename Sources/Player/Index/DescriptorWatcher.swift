internal import Foundation
internal import Synchronization

/// Tells a timeline that more bytes are there: a thread that sleeps in poll(2) until then.
final class DescriptorWatcher: Sendable {
    /// The writing end of a pipe; the thread ends when it is closed.
    private let lifeline: Mutex<Int32>

    /// - Parameters:
    ///   - descriptor: The thread closes it when it ends.
    ///   - read: Called whenever the descriptor can be read; false ends the thread.
    init(_ descriptor: Int32, read: @escaping @Sendable () -> Bool) {
        var ends: [Int32] = [-1, -1]
        let isCancellable = pipe(&ends) == 0
        for end in ends where isCancellable { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        lifeline = Mutex(ends[1])
        let stop = isCancellable ? ends[0] : -1
        Thread.detachNewThread {
            Self.wait(for: descriptor, or: stop, read)
            close(descriptor)
            if isCancellable { close(stop) }
        }
    }

    deinit { stop() }

    private static func wait(for descriptor: Int32, or stop: Int32, _ read: () -> Bool) {
        while true {
            var polled = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
            polled.append(pollfd(fd: stop, events: 0, revents: 0))
            if poll(&polled, nfds_t(polled.count), -1) < 0, errno != EINTR { return }
            if polled[1].revents != 0 { return }
            if polled[0].revents != 0, !read() { return }
        }
    }

    func stop() {
        let end = lifeline.withLock { end in
            defer { end = -1 }
            return end
        }
        if end >= 0 { close(end) }
    }
}

extension Timeline {
    /// Watches a file for growth and truncation (inotify(7)); a file that cannot be watched is shown as it is.
    func follow(_ path: String) {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return }
        guard inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
            closeFile(descriptor)
            return
        }
        let new = DescriptorWatcher(descriptor) { [weak self] in
            var notes = [UInt8](repeating: 0, count: 4_096)
            while read(descriptor, &notes, notes.count) > 0 {}
            self?.lookAgain()
            return self != nil
        }
        watcher.withLock { $0 = new }
        // Bytes may have been written between the first reading and the watch.
        lookAgain()
    }

    /// Copies a stream into the file until it ends.
    func copy(_ descriptor: Int32) {
        let end = Mutex(0)
        let new = DescriptorWatcher(descriptor) { [weak self] in
            guard let self else { return false }
            var bytes = [UInt8](repeating: 0, count: 1 << 18)
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR || errno == EAGAIN { return true }
            guard count > 0 else { return endStream() }
            bytes.removeSubrange(count...)
            do throws(RecordingError) {
                try file.write(bytes, at: end.withLock { $0 })
                end.withLock { $0 += count }
                indexer.withLock { $0 }.start(self)
                return true
            } catch {
                state.withLock { $0.index.problems.add(error.description) }
                return endStream()
            }
        }
        watcher.withLock { $0 = new }
    }

    private func endStream() -> Bool {
        state.withLock { $0.isOpen = false }
        indexer.withLock { $0 }.start(self)
        return false
    }
}

/// close(2), which the method of the same name hides.
private func closeFile(_ descriptor: Int32) { close(descriptor) }
