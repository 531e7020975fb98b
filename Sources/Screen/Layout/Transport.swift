public import ShutdownTrace

/// The position of the screen on its run, as far as a picture and the keys need to know.
public struct Transport: Hashable, Sendable {
    /// Where the run comes from.
    public enum Origin: Hashable, Sendable {
        /// A server that this program runs: signals reach it.
        case live(Server)
        /// A file.
        case recording
        /// Standard input.
        case stream
    }

    /// The server as it is now, wherever the screen stands.
    public struct Server: Hashable, Sendable {
        public var isAlive: Bool
        public var isGone: Bool
        /// The signals that asked it to stop, so far.
        public var stopSignals: [Signal]
        /// Whether it is the demo server, which has a gate and obeys commands while it runs.
        public var hasGate: Bool

        public init(isAlive: Bool, isGone: Bool, stopSignals: [Signal], hasGate: Bool = false) {
            self.isAlive = isAlive
            self.isGone = isGone
            self.stopSignals = stopSignals
            self.hasGate = hasGate
        }
    }

    /// How the picture moves by itself.
    public enum Motion: Hashable, Sendable {
        case still, playing
        /// It shows the end of a run that goes on.
        case pinned
    }

    public var origin: Origin
    /// The moment on the screen, since the start of the run.
    public var position: Time
    /// The last moment that is known; of a live run, the present.
    public var end: Time
    public var motion: Motion
    /// Events that have happened at the position, and in the whole run so far.
    public var event: Int
    public var events: Int
    /// The moment from which the position counts, such as the signal; nil for the start of the run.
    public var zero: Time?
    /// "4×".
    public var speed = "1×"
    /// When phases began.
    public var phases: [Time] = []
    /// When signals were sent.
    public var signals: [Time] = []
    /// The moments that a person marked.
    public var marks: [Time] = []
    /// Whether nothing more can come.
    public var isOver: Bool
    /// How much of the file is read, 0...1; nil when all of it is.
    public var progress: Double?
    /// Lines of the trace that could not be read.
    public var problems = 0

    public init(
        _ origin: Origin, position: Time, end: Time, motion: Motion, event: Int, events: Int, isOver: Bool
    ) {
        self.origin = origin
        self.position = position
        self.end = end
        self.motion = motion
        self.event = event
        self.events = events
        self.isOver = isOver
    }

    /// The server that this program runs; nil for a recording or a stream.
    public var server: Server? { if case .live(let server) = origin { server } else { nil } }

    /// Whether the screen shows the last moment that there is.
    public var isAtEnd: Bool { motion == .pinned || event >= events && position >= end }

    /// Whether the screen shows the past of a run that goes on, or of one that was watched live.
    public var isLookingBack: Bool { origin != .recording && motion != .pinned && !(isOver && isAtEnd) }
}

extension View {
    /// Whether the timeline is shown: the present of a live run needs none, and a frozen picture stays as it was.
    var showsTimeline: Bool {
        guard let transport, !isFrozen else { return false }
        return transport.server == nil || transport.isLookingBack
    }
}

/// A move on the timeline that a key asks for.
public enum Movement: Hashable, Sendable {
    case toggle
    /// By so many events.
    case step(Int)
    case skip(Time)
    case leap(percent: Int)
    case percent(Int)
    /// To the next phase or signal, or to the one before.
    case landmark(forward: Bool)
    case mark(forward: Bool)
    /// To the next event that has the filter's text, or to the one before.
    case match(forward: Bool)
    case start, end
    case faster, slower, normalSpeed
}
