import CustomDump
import Foundation
import GRDB
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A demo server that is asked to leave` {
    /// Starts a server with a payment and a report in flight, signals it, and lets both be answered.
    private func polite(_ signal: Signal) async throws -> (RunningServer, [String], Int32) {
        let server = try await RunningServer()
        let payer = try server.client()
        let reader = try server.client()
        payer.pay(7, query: "?ms=1000", id: 1)
        try await server.event(.requestStarted)
        reader.get("/report?ms=1500", id: 2)
        try await server.event(.requestStarted) { $0.fields.int("id") == 2 }
        server.signal(signal)
        let answers = await [payer.readToEnd().text, reader.readToEnd().text]
        return (server, answers, await server.end())
    }

    @Test func `does it event by event in the ideal order`() async throws {
        let (server, answers, code) = try await polite(.terminate)

        #expect(code == 0)
        #expect(answers.allSatisfy { $0.contains("connection: close") })
        let from = try #require(server.events.firstIndex { $0.kind == .signalReceived })
        let milestones: [EventKind] = server.events[from...].map(\.kind).filter {
            ![.requestStarted, .logWritten, .jobFetched, .jobFinished].contains($0)
        }
        expectNoDifference(
            milestones,
            [
                .signalReceived, .shutdownBegan, .readinessLowered, .resourceQuiesced, .resourceQuiesced,
                .resourceReleasing, .leadEnded, .resourceReleased,
                .resourceReleasing, .listenerDrained, .listenerClosed, .resourceQuiesced, .drainBegan,
                .resourceQuiesced, .transactionBegan, .transactionCommitted, .paymentCharged, .jobQueued,
                .requestFinished, .requestFinished, .drainEnded, .resourceReleased,
                .resourceReleasing, .resourceReleased, .resourceReleasing, .resourceReleased,
                .resourceReleasing, .resourceReleased,
                .resourceReleasing, .ledgerCheckpointed, .ledgerClosed, .resourceReleased,
                .resourceReleasing, .logFlushed, .resourceReleased,
                .signalsRestored, .shutdownEnded,
            ])
    }

    @Test func `releases in the reverse order of acquisition`() async throws {
        let (server, _, _) = try await polite(.terminate)

        expectNoDifference(server.names(.resourceAcquired), ResourceKind.allCases.map(\.name.rawValue))
        expectNoDifference(server.names(.resourceReleased), server.names(.resourceAcquired).reversed())
        expectNoDifference(server.names(.resourceQuiesced), ["scheduler", "workers", "listener", "websockets"])
    }

    @Test func `takes SIGTERM and SIGINT the same way`() async throws {
        let (terminated, _, _) = try await polite(.terminate)
        let (interrupted, _, _) = try await polite(.interrupt)

        func facts(_ server: RunningServer, _ signal: Signal) -> [String] {
            server.events.map { event in
                let fields = event.fields.entries.filter { !["took", "detail", "bytes", "port"].contains($0.key) }
                return "\(event.kind) " + fields.map { "\($0.key.rawValue)=\($0.value)" }.joined(separator: " ")
            }.map {
                $0.replacing(signal.name, with: "SIG").replacing("signal=int(\(signal.rawValue))", with: "signal")
            }
        }
        expectNoDifference(facts(terminated, .terminate), facts(interrupted, .interrupt))
    }

    @Test func `has gapless numbers to the last event, which says clean`() async throws {
        let (server, _, _) = try await polite(.terminate)

        #expect(server.events.map(\.sequence) == Array(1...server.events.count))
        #expect(server.events.last?.kind == .shutdownEnded)
        #expect(server.events.last?.fields.string("outcome") == "clean")
    }

    @Test func `leaves no write-ahead log behind, also after reads`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        client.pay(1, id: 1)
        await client.read(until: "}")
        client.get("/payments/1", id: 2)
        await client.read(until: "}")
        #expect(FileManager.default.fileExists(atPath: server.wal))
        server.signal()

        #expect(await server.end() == 0)
        #expect(!FileManager.default.fileExists(atPath: server.wal))
    }

    @Test func `still serves and announces the close while the balancer is given time`() async throws {
        let server = try await RunningServer(lead: .seconds(60))
        server.signal()
        try await server.event(.resourceReleasing)
        let client = try server.client()
        let probe = try server.client()
        client.get("/", id: 1)
        probe.get("/readyz", id: 2)

        let answer = await client.readToEnd()
        #expect(answer.text.hasPrefix("HTTP/1.1 200"))
        #expect(answer.text.contains("connection: close"))
        #expect(answer.end == .fin)
        #expect(await probe.readToEnd().text.hasPrefix("HTTP/1.1 503"))
        server.signal()
        _ = await server.end()
    }

    @Test func `begins once and is forced by the second signal, in order`() async throws {
        let server = try await RunningServer()
        let payer = try server.client()
        let reader = try server.client()
        payer.pay(7, query: "?receipt=60000", id: 1)
        await payer.read(until: "}")
        try await server.event(.jobFetched)
        reader.get("/report?ms=60000", id: 2)
        try await server.event(.requestStarted) { $0.fields.int("id") == 2 }
        server.signal(.terminate)
        try await server.event(.drainBegan)
        server.signal(.interrupt)
        server.signal(.interrupt)

        #expect(await reader.readToEnd().text == "")
        #expect(await server.end() == 1)
        #expect(server.all(.signalReceived).map { $0.fields.int("ordinal") } == [1, 2, 3])
        #expect(server.all(.shutdownBegan).count == 1)
        #expect(server.all(.shutdownForced).count == 1)
        #expect(server.all(.requestCancelled).map { $0.fields.int("id") } == [2])
        #expect(server.all(.jobReturned).count == 1)
        expectNoDifference(server.names(.resourceReleased), server.names(.resourceAcquired).reversed())
        #expect(server.all(.ledgerClosed).map { $0.fields.int("open") } == [0])
        #expect(server.events.last?.fields.string("outcome") == "forced")
        #expect(!FileManager.default.fileExists(atPath: server.wal))
    }

    @Test func `hands a job back at the workers' deadline, and the next start runs it`() async throws {
        let server = try await RunningServer(workers: .milliseconds(50))
        let client = try server.client()
        client.pay(7, query: "?receipt=60000", id: 1)
        try await server.event(.jobFetched)
        server.signal()
        #expect(await server.end() == 0)

        #expect(server.all(.jobReturned).map { $0.fields.int("id") } == [1])
        let queue = try DatabaseQueue(path: server.configuration.database)
        let states = try await queue.read { try String.fetchAll($0, sql: "SELECT state FROM jobs") }
        #expect(states == ["queued"])
    }
}
