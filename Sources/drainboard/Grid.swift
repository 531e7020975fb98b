internal import ArgumentParser
import Clients
internal import Experiment
internal import Foundation
internal import Lessons
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace
internal import Synchronization

/// `drainboard grid`: every signal in every state of a server, as one table: its report card.
struct Grid: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send every signal in every state of a server, and print one table: its report card.",
        discussion: """
            States: starting, idle, with requests in flight, draining, in each step of the release (held there by the
            server's gate), and the same signal a second time. Each cell is a run of its own.
            """)

    @OptionGroup var options: RunOptions

    @Option(help: "The signals, by name or number and with commas (default: all 31).", transform: list)
    var signals: [Signal] = Signal.all

    @Option(help: "How many run at once.")
    var jobs = 4

    @OptionGroup var look: LookOptions

    func validate() throws {
        guard (1...16).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 16, not \(jobs).") }
    }

    func run() throws {
        let states = State.all
        let cells = signals.flatMap { signal in states.map { (signal, $0) } }
        let trials = cells.map { GridTrial($0, in: $1) }
        let items = try zip(cells, trials).map { cell, trial in
            Batch.Item(try plan(cell.0, cell.1)) { trial.take($0, $1) }
        }
        let outcomes = try Batch(jobs: jobs).run(items) { [count = items.count] in
            Progress.show("\($0) of \(count) runs")
        }
        Progress.clear()
        let verdicts = try zip(trials, outcomes).map { try $0.wasReached ? Self.cell($1) : .notReached }
        let rows = signals.indices.map { row in
            Array(verdicts[(row * states.count)..<((row + 1) * states.count)])
        }
        for line in GridTable(signals: signals, states: states, rows: rows, look: look).lines { Console.print(line) }
    }

    private func plan(_ signal: Signal, _ state: State) throws -> Plan {
        var setup = try options.setup(pace: .checked)
        // What ends no process by default may not be heard at all, and nobody wants to wait 45 s for SIGKILL then; 8 s are
        // less than a server has to answer for the first time.
        let isFatal = [.terminate, .core].contains(signal.defaultAction)
        setup.grace = options.grace.map(Time.seconds) ?? (isFatal ? setup.grace : .seconds(8))
        setup.signals = []
        switch state {
        case .starting: setup.signals = [ScheduledSignal(signal, after: .zero, since: .spawn, when: .spoken)]
        case .idle:
            setup.workload = .none
            setup.signals = [ScheduledSignal(signal, after: .seconds(0.3))]
        case .inFlight: setup.signals = [ScheduledSignal(signal, after: .seconds(0.6), whenInFlight: 6)]
        case .draining, .releasing: setup.signals = [ScheduledSignal(.terminate, after: .seconds(0.6), whenInFlight: 6)]
        case .twice:
            setup.signals = [
                ScheduledSignal(signal, after: .seconds(0.6), whenInFlight: 6),
                ScheduledSignal(signal, after: .seconds(0.3), since: .signal(0)),
            ]
        }
        var plan = Session(options, setup).plan
        plan.stateDirectory = nil
        plan.recordings = []
        return plan
    }

    private static func cell(_ outcome: Batch.Outcome) throws -> GridCell {
        switch outcome {
        case .failure(let text): throw Failure(text)
        case .board(let board, _): return GridCell(Judge(board).verdict)
        }
    }

    private static func list(_ text: String) throws -> [Signal] {
        if text == "all" { return Signal.all }
        return try text.split(separator: ",").map { try Signal.find(String($0)) }
    }

    /// Where in its life the server is when the signal comes.
    enum State: Hashable, Sendable {
        case starting, idle, inFlight, draining
        case releasing(String)
        case twice

        static let all: [State] =
            [.starting, .idle, .inFlight, .draining] + ["workers", "ledger", "log"].map(State.releasing) + [.twice]

        var name: String {
            switch self {
            case .starting: "starting"
            case .idle: "idle"
            case .inFlight: "in flight"
            case .draining: "draining"
            case .releasing(let name): "in \(name)"
            case .twice: "twice"
            }
        }
    }
}

/// Sends one signal of the grid at the state that it is meant for.
private final class GridTrial: Sendable {
    private let signal: Signal
    private let state: Grid.State
    private let isSent = Mutex(false)

    init(_ signal: Signal, in state: Grid.State) { (self.signal, self.state) = (signal, state) }

    /// Whether the server came to the state that was meant.
    var wasReached: Bool {
        switch state {
        case .starting, .idle, .inFlight, .twice: true
        case .draining, .releasing: isSent.withLock(\.self)
        }
    }

    /// For the signal to arrive before the server goes on.
    private static let pause = Duration.milliseconds(300)

    func take(_ event: Event, _ experiment: Experiment) {
        switch (state, event.kind) {
        case (.draining, .drainBegan): send(experiment)
        case (.releasing, .shutdownBegan): experiment.tell(.hold)
        case (.releasing(let name), .gateHeld):
            // The next step is held in the same order, or it could be over before it is held.
            guard event.fields.string(.name)?.contains(name) == true else {
                experiment.tell(.step)
                return
            }
            send(experiment)
            Task {
                try? await Task.sleep(for: Self.pause)
                experiment.tell(.release)
            }
        default: break
        }
    }

    private func send(_ experiment: Experiment) {
        let isFirst = isSent.withLock { sent in
            defer { sent = true }
            return !sent
        }
        if isFirst { experiment.send(signal, by: .check) }
    }
}
