import ShutdownTrace
import Synchronization

/// The lines of a run, from the run's tasks to a loop on another thread.
final class Inbox: Sendable {
    private let lines = Mutex<[TraceLine]>([])
    private let wake: @Sendable () -> Void

    /// - Parameter wake: Called on the run's side when the inbox is no longer empty.
    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    func put(_ line: TraceLine) {
        let wasEmpty = lines.withLock { lines in
            lines.append(line)
            return lines.count == 1
        }
        if wasEmpty { wake() }
    }

    /// Everything since the last call, oldest first.
    func takeAll() -> [TraceLine] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}
