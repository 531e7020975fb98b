internal import ShutdownBoard
package import ShutdownTrace

/// The position of the screen on its run, as far as a picture and the keys need to know.
package struct Transport: Hashable, Sendable {
    /// Where the run comes from.
    package enum Origin: Hashable, Sendable {
        /// A server that this program runs: signals reach it.
        case live(Server)
        /// A file.
        case recording
        /// Standard input.
        case stream
    }

    /// The server as it is now, wherever the screen stands.
    package struct Server: Hashable, Sendable {
        package var isAlive: Bool
        package var isGone: Bool
        /// The signals that asked it to stop, so far.
        package var stopSignals: [Signal]
        /// Whether it is the demo server, which has a gate and obeys commands while it runs.
        package var hasGate: Bool
        /// Whether a second instance was started.
        package var isDeployed: Bool
        /// The pids of the instances that run, by their numbers.
        package var running: [Int: Int]

        package init(
            isAlive: Bool, isGone: Bool, stopSignals: [Signal], hasGate: Bool = false, isDeployed: Bool = false,
            running: [Int: Int] = [:]
        ) {
            self.isAlive = isAlive
            self.isGone = isGone
            self.stopSignals = stopSignals
            self.hasGate = hasGate
            self.isDeployed = isDeployed
            self.running = running
        }

        /// What ends when another run begins: "the server that runs (pid 41213)"; nil where nothing runs.
        package var endedByStart: String? {
            let parts = running.sorted { $0.key < $1.key }.map { number, pid in
                number == 1 && !isDeployed ? "the server that runs (pid \(pid))" : "instance \(number) (pid \(pid))"
            }
            return parts.isEmpty ? nil : parts.joined(separator: " and ")
        }
    }

    /// How the picture moves by itself.
    package enum Motion: Hashable, Sendable {
        case still, playing
        /// It shows the end of a run that goes on.
        case pinned
    }

    package var origin: Origin
    /// The moment on the screen, since the start of the run.
    package var position: Time
    /// The last moment that is known; of a live run, the present.
    package var end: Time
    package var motion: Motion
    /// Events that have happened at the position, and in the whole run so far.
    package var event: Int
    package var events: Int
    /// The moment from which the position counts, such as the signal; nil for the start of the run.
    package var zero: Time?
    /// "4×".
    package var speed = "1×"
    /// When phases began.
    package var phases: [Time] = []
    /// When signals were sent.
    package var signals: [Time] = []
    /// The moments that a person marked.
    package var marks: [Time] = []
    /// Whether nothing more can come.
    package var isOver: Bool
    /// How much of the file is read, 0...1; nil when all of it is.
    package var progress: Double?
    /// Lines of the trace that could not be read.
    package var problems = 0

    package init(
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
    package var server: Server? { if case .live(let server) = origin { server } else { nil } }

    /// Whether the screen shows the last moment that there is.
    package var isAtEnd: Bool { motion == .pinned || event >= events && position >= end }

    /// Whether the screen shows the past of a run that goes on, or of one that was watched live.
    package var isLookingBack: Bool { origin != .recording && motion != .pinned && !(isOver && isAtEnd) }
}

extension Board {
    /// Whether the verdict is known: everybody has looked, or the trace ends before that.
    func isJudged(in view: View) -> Bool { process.isGone && (!isLooking || view.isAtTraceEnd) }
}

extension View {
    /// Whether nothing comes after what the board knows.
    var isAtTraceEnd: Bool { transport.map { $0.isOver && $0.isAtEnd } ?? isLastPicture }

    /// Whether the timeline is shown: the present of a live run needs none, and a frozen picture stays as it was.
    var showsTimeline: Bool {
        guard let transport, !isFrozen else { return false }
        return transport.server == nil || transport.isLookingBack
    }
}
