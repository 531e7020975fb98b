import Player
import Screen
import ShutdownBoard
import ShutdownTrace

/// What the dashboard shows: a run that goes on, a recorded one, or one that comes over a pipe.
package enum Show {
    case live(LiveRun, Performance?)
    case recording(Tape)
    case stream(Intake)

    var timeline: Timeline? {
        switch self {
        case .live(let run, _): run.timeline
        case .recording(let tape): tape.timeline
        case .stream(let intake): intake.timeline
        }
    }

    /// The run behind it, if this program makes it.
    var run: LiveRun? { if case .live(let run, _) = self { run } else { nil } }

    /// The file it is recorded in, beside which marks are kept.
    var recording: String? {
        switch self {
        case .live(let run, _): run.recording
        case .recording(let tape): tape.file
        case .stream: nil
        }
    }

    /// Where the player stands, for the picture and the keys.
    func transport(_ player: Player) -> Transport {
        let timeline = player.timeline
        var transport = Transport(
            origin, position: player.position.time, end: max(timeline.end, present, player.position.time),
            motion: player.motion, event: player.position.count, events: timeline.count,
            isOver: run?.isOver ?? !timeline.isOpen)
        transport.speed = player.playhead.speed.description
        for landmark in timeline.landmarks {
            switch landmark.kind {
            case .phase: transport.phases.append(landmark.time)
            case .signal: transport.signals.append(landmark.time)
            }
        }
        transport.marks = player.marks.positions.map(\.time)
        if case .recording(let tape) = self { transport.progress = tape.progress }
        transport.problems = timeline.problems.count
        return transport
    }

    private var origin: Transport.Origin {
        switch self {
        case .recording: return .recording
        case .stream: return .stream
        case .live(let run, let performance):
            let process = run.board.process
            let stops = run.board.signals.sent.filter(\.asksToStop).map(\.signal)
            return .live(
                .init(
                    isAlive: process.pid != nil && !process.isGone, isGone: process.isGone, stopSignals: stops,
                    hasGate: performance != nil))
        }
    }

    /// The present of a server that runs.
    private var present: Time { run.map { $0.isOver || $0.board.process.isGone ? .zero : $0.now } ?? .zero }
}

extension Player {
    fileprivate var motion: Transport.Motion {
        switch playhead.motion {
        case .still: .still
        case .playing: .playing
        case .pinned: .pinned
        }
    }
}
