import Experiment
import ShutdownBoard
import Synchronization

/// Many runs that nobody watches, a few at a time.
struct Batch {
    /// One run that is to be made.
    struct Item: Sendable {
        var plan: Plan
        var react: HeadlessRun.Reaction?
    }

    /// The board of a run, or why there is none.
    enum Outcome: Sendable {
        case board(Board, recording: String?)
        case failure(String)

        /// - Throws: `Failure` where there is no board.
        func board() throws -> Board {
            switch self {
            case .board(let board, _): return board
            case .failure(let text): throw Failure(text)
            }
        }
    }

    /// How many run at once.
    let jobs: Int

    /// The runs that an interrupt has to end.
    private final class Living: Sendable {
        /// Nil after an interrupt.
        private let runs = Mutex<[Int: HeadlessRun]?>([:])

        /// Adds a run that is about to begin; false after an interrupt.
        func add(_ index: Int, _ run: HeadlessRun) -> Bool {
            runs.withLock { runs in
                runs?[index] = run
                return runs != nil
            }
        }

        func remove(_ index: Int) { runs.withLock { $0?[index] = nil } }

        func abandon() {
            let living = runs.withLock { runs in
                defer { runs = nil }
                return runs ?? [:]
            }
            for run in living.values { run.abandon() }
        }
    }

    /// Makes all the runs from the main thread, and shows how many are done.
    ///
    /// INT, TERM and HUP end all of them early; this process then dies of the signal.
    ///
    /// - Parameters:
    ///   - items: The runs.
    ///   - look: Called with the place of an item and its outcome, as soon as there is one.
    /// - Returns: The outcomes, in the order of the items.
    /// - Throws: Nothing in practice: a run that cannot be made is an outcome.
    func run(
        _ items: [Item], look: @escaping @Sendable (_ index: Int, _ outcome: Outcome) -> Void = { _, _ in }
    ) throws -> [Outcome] {
        let living = Living()
        let interrupts = try Interrupts { living.abandon() }
        let outcomes = try Console.wait { await Self.outcomes(of: items, jobs: max(1, jobs), living, look) }
        Progress.clear()
        interrupts.dieByFirst()
        return outcomes
    }

    private static func outcomes(
        of items: [Item], jobs: Int, _ living: Living, _ look: @Sendable (Int, Outcome) -> Void
    ) async -> [Outcome] {
        await withTaskGroup(of: (Int, Outcome).self) { group in
            var outcomes = [Outcome?](repeating: nil, count: items.count)
            var waiting = items.enumerated().makeIterator()
            func start() {
                guard let (index, item) = waiting.next() else { return }
                group.addTask { (index, await outcome(index, item, living)) }
            }
            Progress.show(0, of: items.count, "runs")
            for _ in 0..<jobs { start() }
            var done = 0
            for await (index, outcome) in group {
                outcomes[index] = outcome
                look(index, outcome)
                done += 1
                Progress.show(done, of: items.count, "runs")
                start()
            }
            return outcomes.compactMap(\.self)
        }
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
