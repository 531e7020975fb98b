import Experiment
import Foundation
import ShutdownBoard
import Synchronization

/// Many runs, a few at a time, none of them watched.
struct Batch {
    /// One run that is to be made.
    struct Item: Sendable {
        var plan: Plan
        var react: HeadlessRun.Reaction?

        init(_ plan: Plan, react: HeadlessRun.Reaction? = nil) { (self.plan, self.react) = (plan, react) }
    }

    /// How a run came out: the board, or why there is none.
    enum Outcome: Sendable {
        case board(Board, recording: String?)
        case failure(String)
    }

    /// How many run at once.
    var jobs: Int

    /// The living runs, for whoever interrupts.
    private final class Living: Sendable {
        let state = Mutex<(runs: [Int: HeadlessRun], isOver: Bool)>(([:], false))

        /// False once somebody interrupted.
        func add(_ index: Int, _ run: HeadlessRun) -> Bool {
            state.withLock { state in
                if !state.isOver { state.runs[index] = run }
                return !state.isOver
            }
        }

        func remove(_ index: Int) { state.withLock { $0.runs[index] = nil } }

        func abandon() {
            let runs = state.withLock { state in
                state.isOver = true
                return Array(state.runs.values)
            }
            for run in runs { run.abandon() }
        }
    }

    /// Makes all the runs from the main thread.
    ///
    /// INT, TERM and HUP end all of them early; this process then dies of the signal.
    ///
    /// - Parameters:
    ///   - items: The runs.
    ///   - finished: Called after each, one at a time, with how many are done.
    ///   - look: Called with each outcome and the place of its item, as soon as there is one.
    /// - Returns: The outcomes, in the order of the items.
    /// - Throws: Nothing in practice: a run that cannot be made is an outcome.
    func run(
        _ items: [Item], finished: @escaping @Sendable (_ count: Int) -> Void = { _ in },
        look: @escaping @Sendable (_ index: Int, _ outcome: Outcome) -> Void = { _, _ in }
    ) throws -> [Outcome] {
        let living = Living()
        let interrupts = try Interrupts { living.abandon() }
        let jobs = max(1, jobs)
        let outcomes = try Console.wait {
            await withTaskGroup(of: (Int, Outcome).self) { group in
                var outcomes = [Outcome?](repeating: nil, count: items.count)
                var next = 0
                var done = 0
                func start() {
                    guard next < items.count else { return }
                    let (index, item) = (next, items[next])
                    next += 1
                    group.addTask { (index, await Self.outcome(index, item, living)) }
                }
                for _ in 0..<jobs { start() }
                for await (index, outcome) in group {
                    outcomes[index] = outcome
                    look(index, outcome)
                    done += 1
                    finished(done)
                    start()
                }
                return outcomes.compactMap(\.self)
            }
        }
        if let number = interrupts.first { interrupts.die(by: number) }
        return outcomes
    }

    private static func outcome(_ index: Int, _ item: Item, _ living: Living) async -> Outcome {
        let run = HeadlessRun(item.plan, react: item.react)
        guard living.add(index, run) else { return .failure("interrupted") }
        defer { living.remove(index) }
        do {
            try await run.run()
            return .board(run.board, recording: run.recording)
        } catch { return .failure("\(error)") }
    }
}
