import Glibc
import LifecycleTrace
import Logging
import ServiceLifecycle
import ShutdownTrace
import Synchronization
import Testing
import UnixSignals

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A group of services that is traced` {
    @Test func `tells its acquisitions in order and its releases in reverse`() async throws {
        let traced = try TracedGroup(["ledger", "workers", "listener"].map { Worker(description: $0) })
        await traced.group.triggerGracefulShutdown()
        let told = await traced.run()

        #expect(told.failure == nil)
        #expect(told.problems == [])
        #expect(told.header?.title == "shop")
        #expect(told.header?.pid == Int(getpid()))
        #expect(
            told.plot == [
                "acquired ledger", "acquired workers", "acquired listener", "began",
                "quiesced listener", "releasing listener", "released listener",
                "quiesced workers", "releasing workers", "released workers",
                "quiesced ledger", "releasing ledger", "released ledger", "ended",
            ])
        #expect(told.text(.shutdownBegan, "cause") == ["the group was asked to stop"])
        #expect(told.text(.resourceQuiesced, "detail") == ["told to stop", "told to stop", "told to stop"])
        #expect(told.text(.shutdownEnded, "outcome") == ["clean"])
        #expect(told.events.map(\.sequence) == told.events.indices.map { $0 + 1 })
        #expect(told.all(.resourceAcquired).map { $0.fields.int("index") } == [1, 2, 3])
    }

    @Test func `tells a real signal before anything that it causes`() async throws {
        let workers = ["ledger", "listener"].map { Worker(description: $0) }
        let raiser = Worker(description: "raiser") { kill(getpid(), SIGUSR2) }
        let told = try await TracedGroup(workers + [raiser], signals: [.sigusr2]).run()

        #expect(told.failure == nil)
        #expect(told.plot.first == "armed")
        #expect(told.all(.signalsArmed).map { $0.fields.ints("caught") } == [[12]])
        #expect(told.plot.dropFirst(4).prefix(3) == ["received", "began", "quiesced raiser"])
        #expect(told.all(.signalReceived).map { $0.fields.int("signal") } == [12])
        #expect(told.text(.shutdownBegan, "cause") == ["SIGUSR2"])
        #expect(told.names(.resourceReleased) == ["raiser", "listener", "ledger"])
    }

    @Test func `tells which service failed, and that the others were cut`() async throws {
        let told = try await TracedGroup([
            Worker(description: "ledger"), Worker(description: "printer", end: .byFailing),
        ]).run()

        #expect(told.failure is Worker.Broken)
        #expect(told.text(.resourceFailed, "cause") == ["out of paper"])
        #expect(told.names(.resourceFailed) == ["printer"])
        #expect(told.text(.shutdownBegan, "cause") == ["printer failed: out of paper"])
        #expect(told.text(.shutdownForced, "cause") == ["printer failed: out of paper"])
        #expect(told.names(.resourceReleased) == ["ledger"])
        #expect(told.text(.resourceReleased, "detail") == ["cancelled"])
        #expect(told.text(.shutdownEnded, "outcome") == ["forced"])
    }

    @Test func `tells a failure in its release and goes on with the others`() async throws {
        let traced = try TracedGroup([
            .init(service: Worker(description: "ledger")),
            .init(
                service: Worker(description: "printer", end: .byFailingWhenTold),
                failureTerminationBehavior: .gracefullyShutdownGroup),
        ])
        await traced.group.triggerGracefulShutdown()
        let told = await traced.run()

        #expect(told.failure is Worker.Broken)
        #expect(told.names(.resourceFailed) == ["printer"])
        #expect(told.names(.resourceReleased) == ["ledger"])
        #expect(told.all(.shutdownForced).isEmpty)
        #expect(told.text(.shutdownEnded, "outcome") == ["forced"])
    }

    @Test func `tells that it was cancelled`() async throws {
        let (running, started) = AsyncStream.makeStream(of: Void.self)
        let traced = try TracedGroup([
            Worker(description: "ledger", end: .whenCancelled),
            Worker(description: "listener", end: .whenCancelled) { started.yield() },
        ])
        let run = Task { await traced.run() }
        for await _ in running { break }
        run.cancel()
        let told = await run.value

        #expect(told.text(.shutdownBegan, "cause") == ["the group was cancelled"])
        #expect(told.all(.shutdownForced).count == 1)
        #expect(told.text(.resourceQuiesced, "detail") == ["cancelled", "cancelled"])
        #expect(Set(told.names(.resourceReleased) + told.names(.resourceFailed)) == ["ledger", "listener"])
        #expect(told.plot.last == "ended")
    }

    @Test func `tells that the group lost its patience and cut all`() async throws {
        let traced = try TracedGroup(
            [
                .init(service: Worker(description: "ledger")),
                .init(service: Worker(description: "stubborn", end: .whenCancelled)),
            ], deadline: .milliseconds(50))
        await traced.group.triggerGracefulShutdown()
        let told = await traced.run()

        #expect(told.names(.resourceReleasing).first == "stubborn")
        #expect(told.text(.shutdownForced, "cause") == ["the services were cancelled"])
        #expect(Set(told.names(.resourceReleased)) == ["ledger", "stubborn"])
        #expect(told.text(.shutdownEnded, "outcome") == ["forced"])
    }

    @Test func `tells a service that joins later when it starts`() async throws {
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let traced = try TracedGroup([Worker(description: "ledger") { started.yield() }])
        let run = Task { await traced.run() }
        var seen = starts.makeAsyncIterator()
        await seen.next()
        await traced.group.addServiceUnlessShutdown(
            traced.trace.wrap(Worker(description: "x") { started.yield() }, as: "late"))
        await seen.next()
        await traced.group.triggerGracefulShutdown()
        let told = await run.value

        #expect(told.names(.resourceAcquired) == ["ledger", "late"])
        #expect(told.all(.resourceAcquired).map { $0.fields.int("index") } == [1, 2])
        #expect(told.names(.resourceReleased) == ["late", "ledger"])
    }

    @Test func `tells a service that may end by itself, and is clean all the same`() async throws {
        let told = try await TracedGroup([
            .init(service: Worker(description: "migration", end: .atOnce), successTerminationBehavior: .ignore)
        ]).run()

        #expect(told.failure == nil)
        #expect(told.plot == ["acquired migration", "released migration", "began", "ended"])
        #expect(told.text(.resourceReleased, "detail") == ["ended by itself"])
        #expect(told.text(.shutdownBegan, "cause") == ["all services ended"])
        #expect(told.text(.shutdownEnded, "outcome") == ["clean"])
    }

    @Test func `blames no end that the group ignores`() async throws {
        let pipe = try TestPipe()
        let trace = ServiceTrace(to: .descriptor(pipe.writing))
        let services: [ServiceGroupConfiguration.ServiceConfiguration] = trace.wrap([
            .init(service: Worker(description: "ledger", end: .whenCancelled)),
            .init(service: Worker(description: "migration", end: .atOnce), successTerminationBehavior: .ignore),
            .init(service: Worker(description: "printer", end: .byFailing), failureTerminationBehavior: .ignore),
        ])
        for service in services.dropFirst() { try? await service.service.run() }
        let ledger = Task { try await services[0].service.run() }
        ledger.cancel()
        _ = await ledger.result
        let told = Told(pipe.readAll())

        #expect(told.names(.resourceFailed) == ["printer"])
        #expect(told.text(.shutdownBegan, "cause") == ["the group was cancelled"])
        #expect(told.text(.shutdownForced, "cause") == ["the services were cancelled"])
    }

    @Test func `gives every service a name of its own`() async throws {
        let traced = try TracedGroup([
            .init(service: Worker(description: "worker")), .init(service: Worker(description: "worker")),
            .init(service: Worker(description: "x"), serviceName: "ledger\nof the shop"),
            .init(service: Plain()),
        ])
        await traced.group.triggerGracefulShutdown()

        #expect(await traced.run().names(.resourceAcquired) == ["worker", "worker 2", "ledger of the shop", "Plain"])
    }

    @Test func `leaves its log as it was`() async throws {
        let lines = Mutex<[String]>([])
        let trace = ServiceTrace(to: .nowhere)
        let configuration = trace.wrap(
            ServiceGroupConfiguration(
                services: [Worker(description: "ledger")],
                logger: Logger(label: "shop") { _ in
                    LogKeeper(level: .info) { line in lines.withLock { $0.append(line) } }
                }))
        configuration.logger.debug("a detail", metadata: ["sl-signal": "SIGTERM"])
        configuration.logger.info("an event")

        #expect(lines.withLock(\.self) == ["an event"])
        #expect(configuration.services.map(\.serviceName) == ["ledger"])
    }

    private struct Plain: Service {
        func run() async throws { try await gracefulShutdown() }
    }
}

/// A log handler that keeps what it is given.
struct LogKeeper: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let keep: @Sendable (String) -> Void

    init(level: Logger.Level, _ keep: @escaping @Sendable (String) -> Void) {
        logLevel = level
        self.keep = keep
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { keep("\(event.message)") }
}
