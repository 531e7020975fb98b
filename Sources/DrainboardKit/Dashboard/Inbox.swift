import Synchronization

/// Values on their way from the tasks or threads that make them to a loop on another thread.
final class Inbox<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let wake: @Sendable () -> Void

    /// - Parameter wake: Called on the maker's side when the inbox is no longer empty.
    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    func put(_ value: Value) {
        let wasEmpty = values.withLock { values in
            values.append(value)
            return values.count == 1
        }
        if wasEmpty { wake() }
    }

    /// Everything since the last call, oldest first.
    func takeAll() -> [Value] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}
