import Experiment
import Lessons
import Player
import Screen
import ShutdownBoard
import ShutdownTrace

/// What the dashboard does for each key that asks for more than another view.
extension DashboardState {
    mutating func perform(_ effect: Effect) -> Step {
        switch effect {
        case .send(let signal): send(signal)
        case .quit(let keepingFrame): return .quit(keepingFrame: keepingFrame)
        case .suspend: return .suspend
        case .runAgain: return .start(source.lesson)
        case .start(let name, let isMended): return start(name, isMended)
        case .deploy: return deploy()
        case .slide(let setting, let position): slide(setting, to: position)
        case .gate(let command): tellGate(command)
        case .freeze(let isFrozen): player.perform(isFrozen ? .toggle : .end, at: now)
        case .move(let move): self.move(move)
        case .find(let forward): search = Search(view.filter, from: player.position.count, forward: forward)
        case .mark: mark()
        case .export: export()
        }
        return .goOn
    }

    /// Moves, and says why where nothing moves.
    private mutating func move(_ move: Move) {
        search = nil
        let before = player.position
        let wasPinned = player.playhead.isPinned
        player.perform(move, at: now)
        let isStill = wasPinned ? player.playhead.isPinned : player.position == before && !player.playhead.isPinned
        guard isStill, let why = move.idleness else { return }
        say(player.marks.positions.isEmpty && move.isToMark ? "No mark is set: m sets one." : why)
    }

    /// Sends a signal, and shows the present, in which it takes effect.
    private mutating func send(_ signal: Signal) {
        guard let run = source.run else { return }
        let wait = run.send(signal, wasAsked: player.timeline.head.stopSignal != nil)
        if let wait { say(wait) }
        showPresent()
    }

    /// Leaves the past and a frozen picture.
    private mutating func showPresent() {
        view.isFrozen = false
        player.perform(.end, at: now)
    }

    /// Passes a command on to the gate, and shows the present, in which it takes effect.
    private mutating func tellGate(_ command: ControlCommand) {
        guard tell(command) else { return view.asksToHold = false }
        showPresent()
    }

    /// Gives the server a command; false, with a notice, when it takes none.
    private mutating func tell(_ command: ControlCommand) -> Bool {
        let isTaken = source.run?.experiment.tell(command) == true
        if !isTaken { say("The server takes no orders now.") }
        return isTaken
    }

    private mutating func start(_ name: String, _ isMended: Bool) -> Step {
        guard let scenario = Scenario(named: name) else { return .goOn }
        guard source.run != nil else {
            let option = isMended ? " --mended" : ""
            say("This is a recording. drainboard demo --scenario \(name)\(option) plays that lesson.")
            return .goOn
        }
        let playing = source.lesson
        let isDeploy = playing.map { $0.isDeploy && $0.scenario.name == name } ?? false
        return .start(LessonRun(scenario, isMended: isMended, isDeploy: isDeploy, lead: playing?.lead))
    }

    private func deploy() -> Step {
        guard let lesson = source.lesson else { return .goOn }
        return .start(LessonRun(lesson.scenario, isMended: lesson.isMended, isDeploy: true, lead: lesson.lead))
    }

    private mutating func slide(_ setting: Lesson.Setting, to position: Int) {
        guard case .live(let run, let timeline, var lesson?) = source, let change = lesson.slide(setting, to: position)
        else { return }
        do {
            switch change {
            case .lead(let lead): _ = tell(.lead(lead))
            case .balancer(let balancer): try run.experiment.setBalancer(balancer)
            case .grace(let grace): try run.experiment.setGrace(grace)
            }
        } catch { say("\(error)") }
        source = .live(run, timeline, lesson)
        view.playing = lesson.playing
    }

    /// Searches for some milliseconds, so that keys and frames come between.
    mutating func continueSearch(at now: Time) {
        guard var search else { return }
        self.now = now
        self.search = nil
        switch search.step(in: player.timeline) {
        case .found(let position): player.perform(.toEvent(position.count), at: now)
        case .nothing:
            let way = search.isForward ? "further on" : "before this"
            say("No event \(way) has \"\(printable(search.text, width: 30))\".")
        case .unfinished:
            self.search = search
            return
        }
        pacing.hurry()
    }

    private mutating func mark() {
        let count = player.marks.positions.count
        let moment = "\(player.position.time.tenths) s"
        do throws(RecordingError) {
            try player.toggleMark()
            let isNew = player.marks.positions.count > count
            say(isNew ? "Marked \(moment): ' and \" go to marks." : "The mark at \(moment) is taken away.")
        } catch { say(error.description) }
    }

    /// Writes a report and a picture; whatever lies over the dashboard is no part of the run.
    private mutating func export() {
        var view = view
        view.notice = nil
        view.transport = nil
        view.overlay = nil
        let moment = player.position.time
        let frame = Painter.frame(
            board: player.board, view: view, now: moment, size: Size(columns: 100, rows: 30))
        let export = QuickExport(board: player.timeline.head, frame: frame, moment: moment, theme: theme)
        do {
            say("Written here: \(try export.write().joined(separator: " and "))")
        } catch { say("\(error)") }
    }
}

extension Move {
    fileprivate var isToMark: Bool { if case .mark = self { true } else { false } }

    /// What it means when it moved nothing; nil where it need not move anything.
    fileprivate var idleness: String? {
        switch self {
        case .toggle, .faster, .slower, .normalSpeed, .to, .toEvent, .percent: nil
        case .step(let count): count > 0 ? "There is no event further on." : "There is no event before this."
        case .skip(let span): span > .zero ? "This is the end of the run." : "This is the start of the run."
        case .leap(let percent): percent > 0 ? "This is the end of the run." : "This is the start of the run."
        case .landmark(let forward):
            forward ? "There is no phase or signal further on." : "There is no phase or signal before this."
        case .mark(let forward): forward ? "There is no mark further on." : "There is no mark before this."
        case .start: "This is the start of the run."
        case .end: "This is the latest moment already."
        }
    }
}
