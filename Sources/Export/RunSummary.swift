package import ShutdownBoard
package import ShutdownTrace

/// A whole run, folded once: what every export of it is made from.
///
/// Beside the last board it keeps when each phase began and when each resource was asked to stop, which that board no
/// longer shows.
package struct RunSummary: Sendable {
    /// A new phase, or a signal.
    struct Landmark: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case phase(Phase)
            case signal(Signal)
        }

        var time: Time
        var kind: Kind

        /// "DRAINING", "SIGTERM".
        var name: String {
            switch kind {
            case .phase(let phase): phase.word
            case .signal(let signal): signal.name
            }
        }
    }

    /// The board after the last event so far.
    package private(set) var board = Board()

    /// New phases and signals in order; the first thousand.
    private(set) var landmarks: [Landmark] = []

    /// When each resource was told to take nothing new, by its name.
    private(set) var quiescedAt: [ResourceName: Time] = [:]

    /// When the release of each resource began.
    private(set) var releasingAt: [ResourceName: Time] = [:]

    private var phase = Phase.starting
    private var signals = 0

    private static let mostLandmarks = 1_000

    package init() {}

    package mutating func apply(_ header: Header) { board.apply(header) }

    package mutating func apply(_ event: Event) {
        board.apply(event)
        switch event.kind {
        case .resourceQuiesced: note(event, in: \.quiescedAt)
        case .resourceReleasing: note(event, in: \.releasingAt)
        default: break
        }
        if event.kind.canMovePhase || board.stopSignal != nil { lookForLandmarks() }
    }

    /// Keeps the time of the first such event of a resource of the server that is judged.
    private mutating func note(_ event: Event, in times: WritableKeyPath<Self, [ResourceName: Time]>) {
        guard event.instance == 1, case .resource(let resource)? = try? event.payload else { return }
        let name = resource.name
        guard board.resources[name] != nil, self[keyPath: times][name] == nil else { return }
        self[keyPath: times][name] = event.time
    }

    private mutating func lookForLandmarks() {
        guard landmarks.count < Self.mostLandmarks else { return }
        for sent in board.signals.sent.dropFirst(signals) {
            landmarks.append(Landmark(time: sent.at, kind: .signal(sent.signal)))
        }
        signals = board.signals.sent.count
        let phase = board.phase
        guard phase != self.phase else { return }
        self.phase = phase
        landmarks.append(Landmark(time: board.time, kind: .phase(phase)))
    }
}

extension EventKind {
    /// Whether such an event can change the phase of a server that was not asked to stop.
    fileprivate var canMovePhase: Bool {
        switch self {
        case .processSpawned, .processServing, .processExited, .signalSent, .signalReceived, .shutdownBegan,
            .listenerOpened, .rotationEntered, .resourceAcquired:
            true
        default: false
        }
    }
}
