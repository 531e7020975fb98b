package import ShutdownTrace

/// A place on the timeline that a person wants to jump to: a new phase, or a signal.
package struct Landmark: Hashable, Sendable {
    /// What happened there.
    package enum Kind: Hashable, Sendable {
        case phase(Phase)
        case signal(Signal)
    }

    package var kind: Kind
    /// Events up to and with the one that brought it.
    package var index: Int
    package var time: Time

    /// "DRAINING", "SIGTERM".
    package var name: String {
        switch kind {
        case .phase(let phase): phase.word
        case .signal(let signal): signal.name
        }
    }
}

/// A span in which nothing happened.
package struct Gap: Hashable, Sendable {
    package var start: Time
    package var end: Time

    /// Shorter ones are not worth a note.
    package static let shortest = Time.seconds(1)
}

/// Follows a board as it grows, and records its landmarks and gaps.
package struct LandmarkRecorder: Sendable {
    /// In order; the first ten thousand.
    package private(set) var landmarks: [Landmark] = []
    package private(set) var gaps: [Gap] = []
    private var phase = Phase.starting
    private var signals = 0
    private var time = Time.zero

    private static let most = 10_000

    package init() {}

    /// Looks at the board after an event, and changes nothing there.
    package mutating func look(_ event: Event, _ board: inout Board) {
        if board.time - time >= Gap.shortest { gaps.append(Gap(start: time, end: board.time)) }
        time = board.time
        guard phase != .serving || event.kind.canEndServing, landmarks.count < Self.most else { return }
        if board.signals.sent.count > signals, let sent = board.signals.sent.last {
            signals = board.signals.sent.count
            landmarks.append(Landmark(kind: .signal(sent.signal), index: board.eventCount, time: sent.at))
        }
        let phase = board.phase
        guard phase != self.phase else { return }
        self.phase = phase
        landmarks.append(Landmark(kind: .phase(phase), index: board.eventCount, time: board.time))
    }
}

extension EventKind {
    /// Whether such an event can end the serving phase: working out the phase costs more than the fold.
    fileprivate var canEndServing: Bool {
        switch self {
        case .requestStarted, .requestSent, .requestAnswering, .requestFinished, .requestCancelled, .connectionOpened,
            .connectionClosed, .transactionBegan, .transactionCommitted, .transactionRolledBack, .paymentIntended,
            .paymentRetried, .paymentSettled, .paymentCharged, .paymentReplayed, .jobQueued, .jobFetched, .jobFinished,
            .websocketOpened, .websocketClosed, .outputPrinted, .logLine, .unknown:
            false
        default: true
        }
    }
}
