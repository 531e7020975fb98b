import Foundation
import Glibc
import LifecycleTrace
import Logging
import ServiceLifecycle
import ShutdownTrace
import Synchronization
import Testing
import UnixSignals

@Suite(.serialized, .timeLimit(.minutes(3))) struct `Where a trace goes` {
    /// Runs a service whose trace goes there; the service must have run, whatever became of the trace.
    private func run(_ destination: TraceDestination) async throws {
        let trace = ServiceTrace("shop", to: destination, port: 8080)
        let runs = Mutex(0)
        let worker = Worker(description: "migration", end: .atOnce) { runs.withLock { $0 += 1 } }
        let service = ServiceGroupConfiguration.ServiceConfiguration(
            service: worker, successTerminationBehavior: .ignore)
        try await ServiceGroup(configuration: trace.wrap(.silent([service]))).run()
        #expect(runs.withLock(\.self) == 1)
    }

    /// Runs the same; its trace must have gone nowhere.
    private func runUntraced(_ destination: TraceDestination) async throws {
        try await run(destination)
        #expect(destination.open().descriptor == nil)
    }

    @Test func `is a file, which is whole when the group has ended`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID().uuidString)").path
        defer { unlink(path) }
        try await run(.file(path))
        let told = Told(Array(try Data(contentsOf: URL(filePath: path))))

        #expect(told.header?.port == 8080)
        #expect(told.plot == ["acquired migration", "released migration", "began", "ended"])
    }

    @Test(arguments: ["/nowhere/trace", "/"]) func `is nowhere when the file cannot be written`(path: String)
        async throws
    {
        try await runUntraced(.file(path))
    }

    @Test(arguments: [-1, 999_999]) func `is nowhere when the descriptor is none`(number: Int32) async throws {
        try await runUntraced(.descriptor(number))
    }

    @Test func `is what the environment says, in the lines of the README`() async throws {
        let pipe = try TestPipe()
        setenv(TraceDestination.variable, "\(pipe.writing)", 1)
        defer { unsetenv(TraceDestination.variable) }
        try await runShop(
            .silent([.init(service: Worker(description: "m", end: .atOnce), successTerminationBehavior: .ignore)]))

        #expect(Told(pipe.readAll()).plot == ["acquired m", "released m", "began", "ended"])
    }

    @Test func `is the file that the environment names, before any descriptor`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID().uuidString)").path
        setenv(TraceDestination.fileVariable, path, 1)
        setenv(TraceDestination.variable, "-3", 1)
        defer {
            unsetenv(TraceDestination.fileVariable)
            unsetenv(TraceDestination.variable)
            unlink(path)
        }
        try await run(.environment)

        #expect(Told(Array(try Data(contentsOf: URL(filePath: path)))).plot.last == "ended")
    }

    @Test(arguments: ["", "none", "-3", "99999999999"]) func `is nowhere when the environment says nonsense`(
        text: String
    ) async throws {
        setenv(TraceDestination.variable, text, 1)
        defer { unsetenv(TraceDestination.variable) }
        try await runUntraced(.environment)
    }

    @Test func `may be a pipe that nobody reads any more, and the application lives`() async throws {
        let before = Glibc.signal(SIGPIPE, SIG_DFL)
        defer { _ = Glibc.signal(SIGPIPE, before) }
        let pipe = try TestPipe()
        pipe.closeReading()
        try await run(.descriptor(pipe.writing))
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The README's lines for a Swift service` {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
            .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The lines of its only block of Swift.
    private func snippet(_ path: String) throws -> [String] {
        let text = try lines(path)
        let start = try #require(text.firstIndex(of: "```swift"))
        return Array(text[(start + 1)...].prefix { $0 != "```" })
    }

    @Test(arguments: ["README.md", "Sources/LifecycleTrace/LifecycleTrace.docc/LifecycleTrace.md"])
    func `are those that this target compiles and runs`(path: String) throws {
        let shown = try snippet(path)
        let compiled = try lines("Tests/LifecycleTraceTests/Snippet.swift")

        #expect(shown.count >= 3)
        #expect(shown.filter { !compiled.contains($0) } == [])
    }

    @Test func `name a product that the package has`() throws {
        #expect(
            try lines("README.md").contains { $0.contains(#".product(name: "LifecycleTrace", package: "drainboard")"#) }
        )
        #expect(try lines("Package.swift").contains { $0.contains(#".library(name: "LifecycleTrace""#) })
    }
}

extension ServiceGroupConfiguration {
    /// A group that logs nothing.
    static func silent(_ services: [ServiceConfiguration], signals: [UnixSignal] = []) -> Self {
        Self(
            services: services, gracefulShutdownSignals: signals,
            logger: Logger(label: "shop") { _ in SwiftLogNoOpLogHandler() })
    }
}
