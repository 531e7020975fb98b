import Foundation
import ShutdownTrace
import Testing

@testable import Experiment

@Suite(.timeLimit(.minutes(3))) struct `The channel for a server's trace` {
    /// Writes the line to the channel, as an append of a shell does.
    private static func tell(_ line: String) -> String { "echo '\(line)' >> \"$DRAINBOARD_TRACE_FILE\"; " }

    private static let began = #"{"seq":1,"t":0.5,"src":"server","ev":"shutdown.began","cause":"SIGTERM"}"#
    private static let header = #"{"drainboard":1,"started":"","clock":0,"title":"shop","command":"shop","pid":1}"#

    /// A server that does so when it is asked to stop.
    private func run(_ script: String) async throws -> ObservedRun {
        var plan = Plan.shell("leave() { \(script)exit 0; }; trap leave TERM; echo up; while :; do sleep 0.02; done")
        plan.isAsked = false
        let run = ObservedRun(plan) { event, experiment in
            if event.prints("up") { experiment.send(.terminate, by: .person) }
        }
        try await run.run()
        return run
    }

    @Test func `is read to its end, and is no printed line`() async throws {
        let run = try await run(Self.tell(Self.header) + Self.tell(Self.began))
        #expect(run.first(.shutdownBegan)?.source == .server)
        #expect(run.first(.shutdownBegan)?.fields.string(.cause) == "SIGTERM")
        #expect(run.all(.outputPrinted).count == 1)
        let order = run.events.map(\.kind).filter { [.shutdownBegan, .processExited].contains($0) }
        #expect(order == [.shutdownBegan, .processExited])
    }

    @Test func `that a process keeps open which outlives the server delays nothing`() async throws {
        let start = ContinuousClock.now
        let left = "exec 9>> \"$DRAINBOARD_TRACE_FILE\"; sleep 100 >/dev/null 2>&1 </dev/null & "
        let run = try await run(left + Self.tell(Self.header) + Self.tell(Self.began))
        #expect(run.first(.shutdownBegan) != nil)
        #expect(run.all(.processLeftBehind).count == 1)
        #expect(run.events.last?.kind == .runEnded)
        // The sleep takes 100 s.
        #expect(ContinuousClock.now - start < .seconds(50))
    }

    @Test func `takes nothing that is no event of the server`() async throws {
        let probe = #"{"seq":1,"t":0.5,"src":"kernel","ev":"process.exited","how":"exited","code":0}"#
        let run = try await run(
            Self.tell("nonsense") + Self.tell(probe) + Self.tell(Self.header) + Self.tell(Self.began))
        #expect(run.all(.processExited).count == 1)
        #expect(run.all(.faultReported).count == 1)
        #expect(run.first(.faultReported)?.fields.string(.text)?.contains("no event") == true)
        #expect(run.all(.outputPrinted).count == 1)
        #expect(run.first(.shutdownBegan) != nil)
    }
}
