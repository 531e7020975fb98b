import Foundation
import ShutdownTrace
import Testing

@testable import Experiment

@Suite(.timeLimit(.minutes(3))) struct `What a server's lines mean` {
    /// Takes a line "NAME" as the release of that resource.
    private struct Releases: OutputInterpreter {
        mutating func meaning(of line: String, at time: Time) -> [Event] {
            [
                Event(.resourceReleasing, from: .importer, at: time, [.name: .string(line), .inferred: true]),
                Event(.resourceReleased, from: .importer, at: time, [.name: .string(line), .inferred: true]),
            ]
        }
    }

    @Test func `is recorded and seen right after them`() async throws {
        let file = FileManager.default.temporaryDirectory.path + "/meaning-\(UUID().uuidString).jsonl"
        defer { unlink(file) }
        var plan = Plan.shell("echo ledger; sleep 0.05; echo log; sleep 0.05")
        plan.isAsked = false
        plan.recordings = [file]
        let run = ObservedRun(plan, interpreter: Releases()) { event, experiment in
            if event.prints("ledger") { experiment.send(.windowChange, by: .person) }
        }
        try await run.run()
        var reader = TraceReader()
        let recorded = reader.read(Array(try Data(contentsOf: URL(filePath: file)))).compactMap { item in
            if case .event(let event) = item { event } else { nil }
        }

        #expect(recorded == run.events)
        let told = run.events.filter { $0.source == .importer || $0.kind == .outputPrinted }
        #expect(
            told.map(\.name) == [
                "output.printed", "resource.releasing", "resource.released", "output.printed", "resource.releasing",
                "resource.released",
            ])
        #expect(told.filter { $0.source == .importer }.map(\.sequence) == [1, 2, 3, 4])
        #expect(told[2].time == told[0].time)
    }
}
