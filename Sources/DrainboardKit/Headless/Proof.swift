package import Experiment
import Foundation
package import Lessons
import Screen
import ShutdownBoard
import ShutdownTrace

/// `drainboard check --prove`: the proof that the verdict can see.
///
/// Every broken server must fail its own rules and no others, and every mended one must pass.
package struct Proof {
    /// One server of one lesson.
    package struct Case: Sendable {
        package var scenario: Scenario
        package var isMended: Bool

        /// Every server of these lessons: as it is, and mended where it can be.
        package static func all(of scenarios: [Scenario]) -> [Case] {
            scenarios.flatMap { scenario in
                (scenario.mended == nil ? [false] : [false, true]).map { Case(scenario: scenario, isMended: $0) }
            }
        }

        package var expectation: Expectation { scenario.server(mended: isMended).verdict }
    }

    /// What came of it.
    struct Finding {
        var server: Case
        var word: String
        var failed: [RuleName]
        /// What was not expected, as sentences.
        var surprises: [String]
    }

    let cases: [Case]
    let jobs: Int

    package init(cases: [Case], jobs: Int) {
        self.cases = cases
        self.jobs = jobs
    }

    /// Runs all of them and prints the table.
    ///
    /// - Returns: Whether all agree.
    package func run(ascii: Bool, plan: (Case) throws -> Plan) throws -> Bool {
        let items = try cases.map { Batch.Item(try plan($0)) }
        let outcomes = try Batch(jobs: jobs).run(items) { [count = items.count] done in
            Progress.show("\(done) of \(count) runs")
        } look: { [cases] index, outcome in
            // Only what was not expected is worth a recording.
            guard case .board(let board, let recording?) = outcome else { return }
            if cases[index].expectation.surprises(in: Judge(board).verdict).isEmpty { unlink(recording) }
        }
        Progress.clear()
        let findings = zip(cases, outcomes).map(Self.finding)
        for line in Self.table(findings) { Console.print(ascii ? asciiOnly(printable(line)) : line) }
        return findings.allSatisfy { $0.surprises.isEmpty }
    }

    private static func finding(_ server: Case, _ outcome: Batch.Outcome) -> Finding {
        switch outcome {
        case .failure(let text): Finding(server: server, word: "NO RUN", failed: [], surprises: [text])
        case .board(let board, let recording):
            finding(server, Judge(board).verdict, recording)
        }
    }

    private static func finding(_ server: Case, _ verdict: Verdict, _ recording: String?) -> Finding {
        var surprises = server.expectation.surprises(in: verdict)
        if let recording, !surprises.isEmpty { surprises.append("recorded in \(recording)") }
        return Finding(
            server: server, word: verdict.word.rawValue, failed: verdict.rules.filter { $0.held == false }.map(\.name),
            surprises: surprises)
    }

    private static func table(_ findings: [Finding]) -> [String] {
        let name = findings.map(\.server.scenario.name.count).max() ?? 0
        let word = findings.map(\.word.count).max() ?? 0
        let rows = findings.flatMap { finding in
            let server = finding.server
            let own = finding.failed.filter(server.expectation.fails.contains).map(\.rawValue)
            let rest = finding.failed.filter { !server.expectation.fails.contains($0) }.count
            let rules = own.joined(separator: " ") + (rest > 0 ? " + \(rest) that follow" : "")
            let row = [
                finding.surprises.isEmpty ? "✓" : "✗", server.scenario.name.padded(right: name),
                server.isMended ? "mended" : server.scenario.mended == nil ? "as is " : "broken",
                finding.word.padded(right: word), rules,
            ].joined(separator: "  ")
            return [row.trimmed] + finding.surprises.map { "     \($0)" }
        }
        let right = findings.count { $0.surprises.isEmpty }
        return rows + ["", "\(right) of \(findings.count) as they must be."]
    }
}

extension String {
    /// Without blanks at its end.
    fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
