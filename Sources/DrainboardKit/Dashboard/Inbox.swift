import ShutdownTrace
import Synchronization

/// Where a run leaves what it saw, for a loop on another thread to fetch.
final class Inbox: Sendable {
    private let items = Mutex<[TraceReader.Item]>([])
    private let wake: @Sendable () -> Void

    /// - Parameter wake: Called, on the run's side, when there is something again.
    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    func put(_ item: TraceReader.Item) {
        let wasEmpty = items.withLock { items in
            items.append(item)
            return items.count == 1
        }
        if wasEmpty { wake() }
    }

    /// Everything since the last time, oldest first.
    func takeAll() -> [TraceReader.Item] {
        items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
