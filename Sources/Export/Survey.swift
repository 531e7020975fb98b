public import ShutdownBoard
public import ShutdownTrace

/// A run seen once from its start to its end: what every picture of it is made from.
///
/// It is a fold over the events, as the board is, and remembers beside the board when each phase began and when each
/// resource was asked to stop: facts that the last board no longer shows.
public struct Survey: Sendable {
    /// A new phase, or a signal.
    public struct Landmark: Hashable, Sendable {
        public var time: Time
        /// "DRAINING", "SIGTERM".
        public var name: String
    }

    /// The board after the last event so far.
    public private(set) var board = Board()

    /// New phases and signals in order; the first thousand.
    public private(set) var landmarks: [Landmark] = []

    /// When each resource was told to take nothing new, by its name.
    private(set) var quiescedAt: [String: Time] = [:]

    /// When the release of each resource began.
    private(set) var releasingAt: [String: Time] = [:]

    private var phase = Phase.starting
    private var signals = 0

    private static let mostLandmarks = 1_000

    public init() {}

    public mutating func apply(_ header: Header) { board.apply(header) }

    public mutating func apply(_ event: Event) {
        board.apply(event)
        if let name = event.fields.string(.name), event.fields.int(.instance) ?? 1 == 1 {
            if event.kind == .resourceQuiesced { note(event.time, name, in: \.quiescedAt) }
            if event.kind == .resourceReleasing { note(event.time, name, in: \.releasingAt) }
        }
        if event.kind.canMovePhase || board.stopSignal != nil { lookForLandmarks() }
    }

    private mutating func note(_ time: Time, _ name: String, in times: WritableKeyPath<Self, [String: Time]>) {
        guard board.resources[name] != nil, self[keyPath: times][name] == nil else { return }
        self[keyPath: times][name] = time
    }

    private mutating func lookForLandmarks() {
        guard landmarks.count < Self.mostLandmarks else { return }
        for sent in board.signals.sent.dropFirst(signals) {
            landmarks.append(Landmark(time: sent.at, name: sent.signal.name))
        }
        signals = board.signals.sent.count
        let phase = board.phase
        guard phase != self.phase else { return }
        self.phase = phase
        landmarks.append(Landmark(time: board.time, name: phase.word))
    }
}

extension EventKind {
    /// Whether a server that nobody has asked to stop can be in another phase after such an event.
    fileprivate var canMovePhase: Bool {
        switch self {
        case .processSpawned, .processServing, .processExited, .signalSent, .signalReceived, .shutdownBegan,
            .listenerOpened, .rotationEntered, .resourceAcquired:
            true
        default: false
        }
    }
}
