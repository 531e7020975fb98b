public import ShutdownTrace

/// One thing that a server acquires and gives back, as the trace tells it.
public struct TracedResource: Sendable {
    /// Names it in the trace; no two resources of a trace may have the same.
    public let name: String
    let emitter: Emitter

    public init(_ name: String, in emitter: Emitter) {
        self.name = name
        self.emitter = emitter
    }

    /// The server holds it now.
    ///
    /// - Parameters:
    ///   - index: 1 for the resource that was acquired first.
    ///   - detail: A few words for a person.
    public func tellAcquired(index: Int, _ detail: String? = nil) {
        emit(.resourceAcquired, [.init(.index, .number(index))], detail)
    }

    /// It takes nothing new from here on, and is still in use.
    public func tellQuiesced(_ detail: String? = nil) {
        emit(.resourceQuiesced, [], detail)
    }

    /// Its release begins, and waits for so many.
    public func tellReleasing(left: Int? = nil) {
        emit(.resourceReleasing, left.map { [.init(.left, .number($0))] } ?? [])
    }

    /// It is given back.
    public func tellReleased(took: Time, _ detail: String? = nil) {
        emit(.resourceReleased, [.init(.took, .time(took))], detail)
    }

    /// It could not be given back, or ended by an error.
    public func tellFailed(_ cause: String) {
        emit(.resourceFailed, [.init(.cause, .string(cause))])
    }

    private func emit(_ kind: EventKind, _ entries: [Fields.Entry], _ detail: String? = nil) {
        let details = detail.map { [Fields.Entry(.detail, .string($0))] } ?? []
        emitter.emit(kind, Fields([.init(.name, .string(name))] + entries + details))
    }
}
