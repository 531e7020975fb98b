package import Experiment
package import Player
import Screen
import ShutdownBoard
import ShutdownTrace

/// What the dashboard shows: a run that goes on, a recorded one, or one that comes over a pipe.
package enum DashboardSource {
    /// A run that this program makes, and the lesson that it plays.
    case live(LiveRun, Timeline, LessonRun?)
    case recording(Recording)
    case stream(InputTimeline)

    /// Starts a run.
    ///
    /// - Throws: `Failure` when no temporary file can keep its moments.
    package static func live(
        _ plan: Plan, playing lesson: LessonRun? = nil, interpreter: Interpreter? = nil, _ wakeup: DeferredWakeup
    ) throws -> Self {
        let timeline: Timeline
        do throws(RecordingError) { timeline = try Timeline(live: {}) } catch { throw Failure(error.description) }
        return .live(LiveRun(plan, interpreter: interpreter) { wakeup.wake() }, timeline, lesson)
    }

    var timeline: Timeline {
        switch self {
        case .live(_, let timeline, _): timeline
        case .recording(let recording): recording.timeline
        case .stream(let input): input.timeline
        }
    }

    /// The run, if this program makes it.
    var run: LiveRun? { if case .live(let run, _, _) = self { run } else { nil } }

    /// The lesson that the run plays.
    var lesson: LessonRun? { if case .live(_, _, let lesson) = self { lesson } else { nil } }

    /// The file in which the run is recorded, beside which marks are kept.
    var file: String? {
        switch self {
        case .live(let run, _, _): run.recording
        case .recording(let recording): recording.file
        case .stream: nil
        }
    }

    /// Adds what a live run has told to its timeline.
    ///
    /// - Returns: Whether it told anything.
    /// - Throws: `Failure` when the run could not be made, or the input can never be shown.
    func update() throws -> Bool {
        switch self {
        case .recording: return false
        case .stream(let input):
            guard let complaint = input.complaint else { return false }
            throw Failure("Standard input cannot be shown: \(complaint).")
        case .live(let run, let timeline, _):
            let isNews = Self.fold(run, into: timeline)
            if let failure = run.failure { throw failure }
            return isNews
        }
    }

    private static func fold(_ run: LiveRun, into timeline: Timeline) -> Bool {
        // Read first: a run that is over tells nothing more.
        let isOver = run.isOver
        let lines = run.takeLines()
        if !lines.isEmpty { timeline.append(lines) }
        if isOver, timeline.isOpen { timeline.finish() }
        return !lines.isEmpty
    }

    /// Ends a server that still runs, and folds its last events.
    func finish() {
        guard case .live(let run, let timeline, _) = self, !run.isOver else { return }
        run.finish()
        _ = Self.fold(run, into: timeline)
    }

    /// The state of the player for the timeline bar and the keys.
    func transport(_ player: Player, at now: Time) -> Transport {
        let timeline = player.timeline
        let head = timeline.head
        var transport = Transport(
            origin(head), position: player.position.time,
            end: max(head.time, present(head, at: now), player.position.time), motion: player.motion,
            event: player.position.count, events: head.eventCount, isOver: run?.isOver ?? !timeline.isOpen)
        transport.speed = player.playhead.speed.description
        transport.add(timeline.landmarks)
        transport.marks = player.marks.positions.map(\.time)
        if case .recording(let recording) = self { transport.progress = recording.progress }
        transport.problems = timeline.problems.count
        return transport
    }

    private func origin(_ head: Board) -> Transport.Origin {
        switch self {
        case .recording: return .recording
        case .stream: return .stream
        case .live(_, _, let lesson):
            let process = head.process
            let stops = head.signals.sent.filter(\.asksToStop).map(\.signal)
            return .live(
                .init(
                    isAlive: process.pid != nil && !process.isGone, isGone: process.isGone, stopSignals: stops,
                    hasGate: lesson != nil, isDeployed: head.deploy != nil, running: Self.running(head)))
        }
    }

    /// The pids of the instances that run.
    private static func running(_ head: Board) -> [Int: Int] {
        var running: [Int: Int] = [:]
        for instance in head.deploy?.instances ?? [] {
            switch instance.state {
            case .starting, .serving: running[instance.number] = instance.pid
            case .absent, .gone: break
            }
        }
        running[1] = head.process.isGone ? nil : head.process.pid
        return running
    }

    /// The present of a server that runs.
    private func present(_ head: Board, at now: Time) -> Time {
        guard let run, !run.isOver, !head.process.isGone, let header = head.header else { return .zero }
        return now - header.clock
    }
}

extension Transport {
    /// Adds the phases and signals of a run that begins at `offset`.
    mutating func add(_ landmarks: [Landmark], from offset: Time = .zero) {
        for landmark in landmarks {
            switch landmark.kind {
            case .phase: phases.append(landmark.time + offset)
            case .signal: signals.append(landmark.time + offset)
            }
        }
    }
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
