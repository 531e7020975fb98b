package import ShutdownBoard
package import ShutdownTrace

/// A whole run, folded once: what every export of it is made from.
///
/// Beside the last board it keeps when each phase began and when each resource was asked to stop, which that board no
/// longer shows.
package struct RunSummary: Sendable {
    /// The board after the last event so far.
    package private(set) var board = Board()

    /// New phases and signals in order.
    var landmarks: [Landmark] { recorder.landmarks }

    /// When each resource was told to take nothing new, by its name.
    private(set) var quiescedAt: [ResourceName: Time] = [:]

    /// When the release of each resource began.
    private(set) var releasingAt: [ResourceName: Time] = [:]

    private var recorder = LandmarkRecorder()

    package init() {}

    package mutating func apply(_ header: Header) { board.apply(header) }

    package mutating func apply(_ event: Event) {
        board.apply(event)
        switch event.kind {
        case .resourceQuiesced: note(event, in: \.quiescedAt)
        case .resourceReleasing: note(event, in: \.releasingAt)
        default: break
        }
        recorder.look(event, &board)
    }

    /// Keeps the time of the first such event of a resource of the server that is judged.
    private mutating func note(_ event: Event, in times: WritableKeyPath<Self, [ResourceName: Time]>) {
        guard event.instance == 1, case .resource(let resource)? = try? event.payload else { return }
        let name = resource.name
        guard board.resources[name] != nil, self[keyPath: times][name] == nil else { return }
        self[keyPath: times][name] = event.time
    }
}
