import Foundation
import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A trace that nobody reads` {
    @Test func `costs the server nothing when its reader is gone`() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        _ = signal(SIGPIPE, SIG_IGN)
        let folder = try TemporaryFolder()
        let emitter = Emitter(to: ends[1])
        let configuration = Configuration(database: folder.file("l.sqlite"), log: folder.file("a.log"))
        let shutdown = ShutdownControl(emitter: emitter, budgets: Budgets(drain: .seconds(5)))
        let port = try ReservedPort(0)
        let stack = try await ResourceStack(configuration, port, emitter, shutdown)
        let client = try Client(port: port.number)
        client.get("/", id: 1)

        #expect(await client.read(until: "server").hasPrefix("HTTP/1.1 200"))
        stack.stopIntake()
        shutdown.forced.fire()
        for resource in stack.resources.reversed() { await resource.releaseNow() }
        emitter.close()
        close(ends[1])
    }
}

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A demo server with something wrong around it` {
    /// Runs a server that cannot start and returns its exit code and what it said.
    private func failedStart(port: Int = 0, database: String? = nil, log: String? = nil) async throws -> (
        Int32, [Event]
    ) {
        let folder = try TemporaryFolder()
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let items = readTrace(from: ends[0])
        let emitter = Emitter(to: ends[1])
        let configuration = Configuration(
            port: port, database: database ?? folder.file("l.sqlite"), log: log ?? folder.file("a.log"))
        let code = await DemoServer.serve(
            configuration, emitter, ShutdownControl(emitter: emitter, budgets: configuration.budgets))
        close(ends[1])
        var events: [Event] = []
        for await item in items { if case .event(let event) = item { events.append(event) } }
        return (code, events)
    }

    private func text(_ events: [Event]) -> String {
        events.first { $0.kind == .faultReported }?.fields.string("text") ?? ""
    }

    @Test func `says which port is busy and what to do`() async throws {
        let server = try await RunningServer()
        let (code, events) = try await failedStart(port: server.port)

        #expect(code == 2)
        #expect(text(events).hasPrefix("port \(server.port) is in use; "))
        server.signal()
        _ = await server.end()
    }

    @Test func `says that a file is no database, and releases what it had`() async throws {
        let folder = try TemporaryFolder()
        try String(repeating: "no database ", count: 1000).write(
            toFile: folder.file("x"), atomically: true, encoding: .utf8)
        let (code, events) = try await failedStart(database: folder.file("x"))

        #expect(code == 2)
        #expect(text(events).contains("cannot be used (file is not a database)"))
        #expect(events.filter { $0.kind == .resourceReleased }.compactMap { $0.fields.string("name") } == ["log"])
    }

    @Test func `says that the log cannot be written`() async throws {
        let (code, events) = try await failedStart(log: "/nowhere/access.log")

        #expect(code == 2)
        #expect(text(events).hasPrefix("the access log /nowhere/access.log cannot be written (No such file"))
    }

    @Test func `goes on when the disk under the log is full, and counts the lines`() async throws {
        let server = try await RunningServer(log: "/dev/full")
        let client = try server.client()
        for id in 1...3 {
            client.get("/", id: id)
            await client.read(until: "server")
        }
        server.signal()

        #expect(await server.end() == 0)
        #expect(server.all(.faultReported).count == 1)
        #expect(server.all(.logFlushed).map { $0.fields.int("lines") } == [0])
        #expect(server.all(.logFlushed).map { $0.fields.int("lost") } == [3])
    }
}

/// A folder that goes away with its last user.
final class TemporaryFolder {
    private let url = FileManager.default.temporaryDirectory.appending(path: "drainboard-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> String { url.appending(path: name).path }
}
