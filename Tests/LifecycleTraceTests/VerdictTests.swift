import ServiceLifecycle
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A board over the trace of a group` {
    private func verdict(of told: Told) -> Verdict {
        let start = [
            Event(.processSpawned, from: .supervisor, at: .zero, [.pid: 1]),
            Event(.processServing, from: .supervisor, at: .zero, [.port: 1]),
            Event(.signalSent, from: .supervisor, at: .zero, [.signal: 15, .pid: 1, .by: "user"]),
        ]
        return Judge(Board(header: told.header, start + told.events)).verdict
    }

    @Test func `finds all services released in order`() async throws {
        let traced = try TracedGroup(["ledger", "workers", "listener"].map { Worker(description: $0) })
        await traced.group.triggerGracefulShutdown()
        let verdict = verdict(of: await traced.run())

        #expect(verdict[.releasedInOrder]?.held == true)
        #expect(verdict[.releasedInOrder]?.evidence == "3 of 3")
        #expect(verdict[.notForced]?.held == true)
        #expect(verdict[.traceComplete]?.held == true)
    }

    @Test func `finds the order lost when one ends early and the group cancels all`() async throws {
        let told = try await TracedGroup([
            Worker(description: "ledger", end: .atOnce), Worker(description: "listener", end: .whenCancelled),
        ]).run()
        let rule = verdict(of: told)[.releasedInOrder]

        #expect(told.text(.shutdownBegan, "cause") == ["ledger ended by itself"])
        #expect(rule?.held == false)
        #expect(rule?.evidence == "ledger released while listener was in use")
        #expect(verdict(of: told)[.notForced]?.held == false)
    }
}
