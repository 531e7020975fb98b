package import Experiment
import Foundation
package import Lessons
import ShutdownBoard

/// `drainboard check --prove`: the proof that the verdict sees each fault.
///
/// Every broken server must fail its own rules and no others, and every mended one must pass, alone and in a deploy, as the
/// catalogue promises.
package struct Proof {
    /// One server of one lesson, alone or in a deploy.
    package struct Case: Sendable {
        package var scenario: Scenario
        package var isMended: Bool
        package var isDeploy: Bool

        /// Every server of these lessons: the broken one, and the mended one where there is one.
        package static func all(of scenarios: [Scenario], inDeploys: Set<Bool> = [false, true]) -> [Case] {
            scenarios.flatMap { scenario in
                (scenario.mended == nil ? [false] : [false, true]).flatMap { isMended in
                    [false, true].filter(inDeploys.contains).map {
                        Case(scenario: scenario, isMended: isMended, isDeploy: $0)
                    }
                }
            }
        }

        var expectation: Expectation {
            let server = scenario.server(mended: isMended)
            return isDeploy ? server.verdictInDeploy : server.verdict
        }

        fileprivate var variant: String { isMended ? "mended" : scenario.mended == nil ? "as is" : "broken" }
    }

    /// The verdict of a case, against what it must be.
    struct Finding {
        let server: Case
        let word: String
        let failed: [RuleName]
        /// What was not expected, as sentences.
        let surprises: [String]

        init(_ server: Case, _ outcome: Batch.Outcome) {
            self.server = server
            switch outcome {
            case .failure(let text):
                word = "NO RUN"
                failed = []
                surprises = [text]
            case .board(let board, let recording):
                let verdict = Judge(board).verdict
                word = verdict.word.rawValue
                failed = verdict.rules.filter { $0.held == false }.map(\.name)
                let found = server.expectation.surprises(in: verdict)
                surprises = found + (found.isEmpty ? [] : recording.map { ["recorded in \($0)"] } ?? [])
            }
        }

        fileprivate var cells: [String] {
            let own = failed.filter(server.expectation.fails.contains).map(\.rawValue)
            let rest = failed.count - own.count
            return [
                surprises.isEmpty ? "✓" : "✗", server.scenario.name, server.variant,
                server.isDeploy ? "deploy" : "alone", word,
                own.joined(separator: " ") + (rest > 0 ? " + \(rest) that follow" : ""),
            ]
        }
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
    package func run(_ style: TableStyle, plan: (Case) throws -> Plan) throws -> Bool {
        let items = try cases.map { Batch.Item(plan: try plan($0)) }
        let outcomes = try Batch(jobs: jobs).run(items) { [cases] index, outcome in
            // Only what was not expected is worth a recording.
            guard case .board(let board, let recording?) = outcome else { return }
            if cases[index].expectation.surprises(in: Judge(board).verdict).isEmpty { unlink(recording) }
        }
        let findings = zip(cases, outcomes).map(Finding.init)
        for line in Self.table(findings, style) { Console.print(line) }
        return findings.allSatisfy { $0.surprises.isEmpty }
    }

    static func table(_ findings: [Finding], _ style: TableStyle) -> [String] {
        let table = TextTable(findings.map { $0.cells.map(style.safe) }, gap: "  ", width: style.width)
        let agreeing = findings.count { $0.surprises.isEmpty }
        let rows = zip(table.rows, findings).flatMap { row, finding in
            let ink: TableStyle.Ink = finding.surprises.isEmpty ? .good : .loss
            return row.map { cells in
                table.joined(cells.enumerated().map { $0 == 0 ? style.paint($1, ink) : $1 })
            } + finding.surprises.flatMap { style.lines("     ", $0) }
        }
        return rows + [""] + style.lines("\(agreeing) of \(findings.count) as they must be.")
    }
}
