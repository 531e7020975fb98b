import Glibc
import LifecycleTrace
import ServiceLifecycle
import ShutdownTrace
import Synchronization
import Testing
import UnixSignals

/// A real group of services whose trace goes through a real pipe into a reader and a board.
struct TracedGroup: Sendable {
    let group: ServiceGroup
    let trace: ServiceTrace
    private let pipe: TestPipe

    init(
        _ services: [ServiceGroupConfiguration.ServiceConfiguration], signals: [UnixSignal] = [],
        deadline: Duration? = nil
    ) throws {
        let pipe = try TestPipe()
        trace = ServiceTrace("shop", to: .descriptor(pipe.writing))
        self.pipe = pipe
        var configuration = trace.wrap(.silent(services, signals: signals))
        configuration.maximumGracefulShutdownDuration = deadline
        group = ServiceGroup(configuration: configuration)
    }

    init(_ services: [any Service], signals: [UnixSignal] = []) throws {
        try self.init(services.map { .init(service: $0) }, signals: signals)
    }

    /// Runs the group to its end; the result is what it told, and the error that it threw.
    func run() async -> Told {
        var failure: (any Error)?
        do { try await group.run() } catch { failure = error }
        return Told(pipe.readAll(), failure)
    }
}

/// A trace as a reader gets it.
struct Told {
    var header: Header?
    var events: [Event] = []
    var problems: [String] = []
    let failure: (any Error)?

    init(_ bytes: [UInt8], _ failure: (any Error)? = nil) {
        self.failure = failure
        var reader = TraceReader()
        for item in reader.read(bytes) + reader.end() {
            switch item {
            case .header(let header): self.header = header
            case .event(let event): events.append(event)
            case .problem(_, let text): problems.append(text)
            }
        }
    }

    /// The names of the resources that events of a kind are about, in order.
    func names(_ kind: EventKind) -> [String] { all(kind).compactMap { $0.fields.string("name") } }

    func all(_ kind: EventKind) -> [Event] { events.filter { $0.kind == kind } }

    func text(_ kind: EventKind, _ key: Fields.Key) -> [String] { all(kind).compactMap { $0.fields.string(key) } }

    /// Each event in a word or two: `acquired ledger`, `began`.
    var plot: [String] {
        events.map { event in
            let verb = event.name.split(separator: ".").last.map(String.init) ?? event.name
            return event.fields.string("name").map { "\(verb) \($0)" } ?? verb
        }
    }
}

/// A pipe whose writing end the test closes when the trace is complete.
final class TestPipe: Sendable {
    let reading: Int32
    let writing: Int32
    private let open: Mutex<Set<Int32>>

    init() throws {
        var ends: [Int32] = [-1, -1]
        try #require(Glibc.pipe(&ends) == 0)
        reading = ends[0]
        writing = ends[1]
        open = Mutex(Set(ends))
    }

    /// Everything that was written until now.
    func readAll() -> [UInt8] {
        closeWriting()
        var bytes: [UInt8] = []
        var more = readSome()
        while !more.isEmpty {
            bytes += more
            more = readSome()
        }
        return bytes
    }

    /// What is there, at least a byte; nothing at the end, and, which is a failure, when nothing has come for a minute.
    func readSome() -> [UInt8] {
        var wait = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, 60_000) > 0 else {
            Issue.record("a minute passed without a byte or the end of the trace")
            return []
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(reading, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    func closeWriting() { closeOnce(writing) }

    func closeReading() { closeOnce(reading) }

    private func closeOnce(_ end: Int32) {
        if open.withLock({ $0.remove(end) }) != nil { close(end) }
    }

    deinit {
        closeWriting()
        closeReading()
    }
}

/// A service that tells what is done to it, and ends as it is asked to.
struct Worker: Service, CustomStringConvertible {
    enum End { case whenTold, whenCancelled, atOnce, byFailing, byFailingWhenTold }

    let description: String
    var end = End.whenTold
    var started: @Sendable () -> Void = {}

    func run() async throws {
        started()
        switch end {
        case .whenTold: try await gracefulShutdown()
        case .whenCancelled: try await Task.sleep(for: .seconds(600))
        case .atOnce: break
        case .byFailing: throw Broken()
        case .byFailingWhenTold:
            try await gracefulShutdown()
            throw Broken()
        }
    }

    struct Broken: Error, CustomStringConvertible { let description = "out of paper" }
}
