package import Experiment
package import ShutdownBoard
package import ShutdownTrace

/// Several checks of one program, each with a fresh process: with other signals, or with the same signal again.
package struct Campaign {
    /// All runs with one signal.
    struct Row {
        var signal: Signal
        var boards: [Board] = []
        /// Why some runs have no board.
        var failures: [String] = []
        /// Where the recordings of some of the boards are kept, by their places in ``boards``.
        var recordings: [Int: String] = [:]

        var words: [Verdict.Word] { boards.map { Judge($0).verdict.word } }
        var isGraceful: Bool { failures.isEmpty && !words.isEmpty && words.allSatisfy(\.isGraceful) }

        /// Requests in flight at the signal that were not answered whole, and all of them.
        var lost: (count: Int, of: Int) {
            boards.reduce((0, 0)) { sum, board in
                let fates = board.requests.fatesAtSignal
                let of = board.requests.countAtSignal - fates.total(of: \.isUnsent)
                return (sum.count + of - fates.total(of: \.isWhole), sum.of + of)
            }
        }

        func spread(_ name: Numbers.Name) -> Spread? {
            Spread(boards.compactMap { Judge($0).verdict.numbers[name] })
        }
    }

    package let choice: SignalChoice
    let rows: [Row]
    /// How the recordings of the runs that were not as expected are opened.
    let kept: [String]

    init(_ choice: SignalChoice, rows: [Row], kept: [String] = []) {
        self.choice = choice
        self.rows = rows
        self.kept = kept
    }

    /// Runs all of them.
    ///
    /// - Parameters:
    ///   - choice: The signals.
    ///   - times: How often each.
    ///   - jobs: How many run at once.
    ///   - isExpected: Whether a run came out as it must; the recordings of the others are kept.
    ///   - plan: Makes the plan for one run.
    /// - Throws: What planning throws.
    package init(
        _ choice: SignalChoice, times: Int, jobs: Int,
        isExpected: @escaping @Sendable (Verdict) -> Bool = { $0.word.isGraceful }, plan: (Signal) throws -> Plan
    ) throws {
        let signals = choice.signals.flatMap { Array(repeating: $0, count: times) }
        let items = try signals.map { signal in
            var plan = try plan(signal)
            plan.keeping = UnexpectedRuns.keeping
            return Batch.Item(plan: plan)
        }
        let unexpected = UnexpectedRuns()
        let outcomes = try Batch(jobs: jobs).run(items) { unexpected.settle($0, $1, isExpected: isExpected) }
        let rows = choice.signals.map { signal in
            var row = Row(signal: signal)
            for (index, outcome) in outcomes.enumerated() where signals[index] == signal {
                switch outcome {
                case .board(let board, _):
                    row.recordings[row.boards.count] = unexpected.recording(of: index)
                    row.boards.append(board)
                case .failure(let text): row.failures.append(text)
                }
            }
            return row
        }
        let kept = unexpected.lines { index in
            let word = (try? outcomes[index].board()).map { Judge($0).verdict.word.rawValue } ?? ""
            return choice.signals.count > 1 ? "\(signals[index].name): \(word)" : word
        }
        self.init(choice, rows: rows, kept: kept)
    }

    var gracefulSignals: [Signal] { rows.filter(\.isGraceful).map(\.signal) }

    /// The worst of the runs: 2 when one could not be made, then 1, 3, 0.
    ///
    /// Of a search it is that of the best signal: 0 when the program has a graceful one.
    package var exitCode: Int32 {
        let codes = rows.map { row in
            row.failures.isEmpty ? Self.worst(row.words.map(\.exitCode)) : 2
        }
        if codes.contains(2) { return 2 }
        return choice.isSearch && codes.contains(0) ? 0 : Self.worst(codes)
    }

    private static func worst(_ codes: [Int32]) -> Int32 { [2, 1, 3].first { codes.contains($0) } ?? 0 }
}

/// The smallest, the middle and the largest of some measures.
struct Spread: Encodable {
    let min, median, max: Double

    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        min = first
        median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        max = last
    }

    /// "1.1 s", or "1.0 s / 1.1 s / 1.4 s".
    var words: String {
        func short(_ ms: Double) -> String { Time(microseconds: Int64(ms * 1_000)).words }
        return min == max ? short(median) : "\(short(min)) / \(short(median)) / \(short(max))"
    }
}
