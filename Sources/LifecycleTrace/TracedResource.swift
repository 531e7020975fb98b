public import ShutdownTrace

/// One thing that a server acquires and gives back, as the trace tells it.
public struct TracedResource: Sendable {
    /// Names it in the trace; no two resources of a trace may have the same.
    public let name: ResourceName
    let emitter: Emitter

    public init(_ name: ResourceName, in emitter: Emitter) {
        self.name = name
        self.emitter = emitter
    }

    /// The server holds it now.
    ///
    /// - Parameters:
    ///   - index: 1 for the resource that was acquired first.
    ///   - detail: A few words for a person.
    public func tellAcquired(index: Int, _ detail: String? = nil) {
        emit(.acquired(index: index, detail: detail))
    }

    /// It takes nothing new from here on, and is still in use.
    public func tellQuiesced(_ detail: String? = nil) {
        emit(.quiesced(detail: detail))
    }

    /// Its release begins, and waits for so many.
    public func tellReleasing(left: Int? = nil) {
        emit(.releasing(left: left))
    }

    /// It is given back.
    public func tellReleased(took: Time, _ detail: String? = nil) {
        emit(.released(took: took, detail: detail))
    }

    /// It could not be given back, or ended by an error.
    public func tellFailed(_ cause: String) {
        emit(.failed(cause: cause))
    }

    private func emit(_ step: ResourceEvent.Step) { emitter.emit(.resource(ResourceEvent(name, step))) }
}
