import Foundation
import Glibc
import Lessons
import LifecycleTrace
import Platform
import ShutdownTrace
import Testing

@testable import DemoServer

/// A real server in this process, with a folder of its own, its events as they come, and signals at will.
final class RunningServer {
    let folder: URL
    let configuration: Configuration
    let shutdown: ShutdownControl
    private(set) var header: Header?
    private(set) var events: [Event] = []
    private var incoming: AsyncStream<TraceReader.Item>.Iterator
    private var isBroken = false
    private let code: Task<Int32, Never>

    var port: Int { header?.port ?? 0 }
    var wal: String { configuration.database + "-wal" }

    /// Starts a server and waits until it is ready.
    ///
    /// It is the broken one of the scenario, or the mended one.
    init(
        _ scenario: Scenario = .polite, mended: Bool = false, lead: Time = .zero, drain: Time = .seconds(20),
        workers: Time = .seconds(10), log: String? = nil, instance: Int? = nil
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "drainboard-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var budgets = Budgets(drain: drain)
        budgets.lead = lead
        budgets.workers = workers
        configuration = Configuration(
            scenario.server(mended: mended).behaviour, title: "\(scenario)", budgets: budgets,
            database: folder.appending(path: "ledger.sqlite").path,
            log: log ?? folder.appending(path: "access.log").path, instance: instance, command: "test")
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        incoming = readTrace(from: ends[0]).makeAsyncIterator()
        let emitter = Emitter(to: ends[1])
        let shutdown = ShutdownControl(
            emitter: emitter, budgets: configuration.limits, behaviour: configuration.behaviour)
        self.shutdown = shutdown
        code = Task { [configuration, writeEnd = ends[1]] in
            let code = await DemoServer.serve(configuration, emitter, shutdown)
            close(writeEnd)
            return code
        }
        try await event(.readinessRaised)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func signal(_ signal: Signal = .terminate) { shutdown.receive(signal, from: 1) }

    /// Waits for the next event of a kind.
    @discardableResult
    func event(_ kind: EventKind, where isIt: (Event) -> Bool = { _ in true }) async throws -> Event {
        while let event = await next() {
            if event.kind == kind, isIt(event) { return event }
        }
        throw Missing(awaited: kind, last: events.last?.kind)
    }

    /// Waits for the server's end and returns its exit code; -1 when the trace broke off before.
    func end() async -> Int32 {
        while await next() != nil {}
        return isBroken ? -1 : await code.value
    }

    func client() throws -> Client { try Client(port: port) }

    /// All events of these kinds so far.
    func all(_ kinds: EventKind...) -> [Event] { events.filter { kinds.contains($0.kind) } }

    /// The resources that an event kind was about, in its order.
    func names(_ kind: EventKind) -> [String] { all(kind).compactMap { $0.fields.string("name") } }

    private func next() async -> Event? {
        while let item = await incoming.next() {
            switch item {
            case .header(let header): self.header = header
            case .event(let event):
                events.append(event)
                return event
            case .problem(_, let text):
                isBroken = true
                Issue.record("the trace is broken: \(text)")
            }
        }
        return nil
    }

    struct Missing: Error {
        var awaited: EventKind
        var last: EventKind?
    }
}

/// Reads a trace from a descriptor until its end, on a thread of its own, and closes it; after two minutes it breaks off
/// with a problem.
func readTrace(from descriptor: Int32) -> AsyncStream<TraceReader.Item> {
    AsyncStream { continuation in
        startThread {
            var reader = TraceReader()
            var buffer = [UInt8](repeating: 0, count: 65_536)
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            var count = 1
            let end = Clock.now() + .seconds(120)
            while count > 0, Clock.now() < end, poll(&wait, 1, 60_000) > 0 {
                count = read(descriptor, &buffer, buffer.count)
                for item in reader.read(Array(buffer[..<max(0, count)])) { continuation.yield(item) }
            }
            for item in reader.end() { continuation.yield(item) }
            if count > 0 { continuation.yield(.problem(line: 0, "it has not come to its end")) }
            close(descriptor)
            continuation.finish()
        }
    }
}
