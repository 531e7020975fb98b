public import ShutdownTrace

/// One thing that a server acquires and gives back; emits what happens to it.
public struct TracedResource: Sendable {
    /// The name in the trace; no two resources of a trace may have the same.
    public let name: ResourceName
    let emitter: Emitter

    public init(_ name: ResourceName, in emitter: Emitter) {
        self.name = name
        self.emitter = emitter
    }

    /// The server holds the resource now.
    ///
    /// - Parameters:
    ///   - index: 1 for the resource that was acquired first.
    ///   - detail: A few words for a person.
    public func emitAcquired(index: Int, _ detail: String? = nil) {
        emit(.acquired(index: index, detail: detail))
    }

    /// The resource takes no new work from here on, and is still in use.
    public func emitQuiesced(_ detail: String? = nil) {
        emit(.quiesced(detail: detail))
    }

    /// The release begins, and waits for so many requests, jobs or transactions.
    public func emitReleasing(left: Int? = nil) {
        emit(.releasing(left: left))
    }

    /// The resource is given back.
    public func emitReleased(took: Time, _ detail: String? = nil) {
        emit(.released(took: took, detail: detail))
    }

    /// The resource could not be given back, or ended with an error.
    public func emitFailed(_ cause: String) {
        emit(.failed(cause: cause))
    }

    private func emit(_ step: ResourceEvent.Step) { emitter.emit(.resource(ResourceEvent(name, step))) }
}
