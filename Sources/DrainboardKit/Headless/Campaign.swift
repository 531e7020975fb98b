package import Experiment
import Foundation
import Screen
import ShutdownBoard
package import ShutdownTrace

/// Several checks of one program, each with a fresh process: other signals, or the same again.
package struct Campaign {
    /// All runs with one signal.
    struct Row {
        var signal: Signal
        var boards: [Board] = []
        /// Why there is no board of some.
        var failures: [String] = []

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
    var rows: [Row]

    /// Runs all of them.
    ///
    /// - Parameters:
    ///   - choice: The signals.
    ///   - times: How often each.
    ///   - jobs: How many run at once.
    ///   - plan: Makes the plan for one run.
    /// - Throws: What planning throws.
    package init(_ choice: SignalChoice, times: Int, jobs: Int, plan: (Signal) throws -> Plan) throws {
        self.choice = choice
        let signals = choice.signals.flatMap { Array(repeating: $0, count: times) }
        let items = try signals.map { signal in
            var plan = try plan(signal)
            plan.stateDirectory = nil
            return Batch.Item(plan)
        }
        let outcomes = try Batch(jobs: jobs).run(items) { [count = items.count] in
            Progress.show("\($0) of \(count) runs")
        }
        Progress.clear()
        rows = choice.signals.map { Row(signal: $0) }
        for (signal, outcome) in zip(signals, outcomes) {
            guard let index = rows.firstIndex(where: { $0.signal == signal }) else { continue }
            switch outcome {
            case .board(let board, _): rows[index].boards.append(board)
            case .failure(let text): rows[index].failures.append(text)
            }
        }
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
    var min, median, max: Double

    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        (min, median, max) = (first, middle, last)
    }

    /// "1.1 s", or "1.0, 1.1, 1.4 s".
    var words: String {
        func short(_ ms: Double) -> String { Time(microseconds: Int64(ms * 1_000)).words }
        return min == max ? short(median) : "\(short(min)) / \(short(median)) / \(short(max))"
    }
}
