import Foundation
import ShutdownTrace
import TestSupport
import Testing

@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A run that cannot be made` {
    @Test func `says that the command is not there`() async {
        var plan = Plan.shell("")
        plan.command = ["no-such-server-anywhere"]
        await #expect(throws: RunError.commandNotFound("no-such-server-anywhere")) {
            try await Experiment(plan: plan) { _ in }.run()
        }
    }

    @Test func `says how the server died and what it said last`() async {
        await #expect(
            throws: RunError.diedAtStart(
                command: "sh -c echo out; echo no luck >&2; exit 7", status: "exited 7", lines: ["no luck"])
        ) { try await Experiment(plan: .shell("echo out; echo no luck >&2; exit 7")) { _ in }.run() }
    }

    @Test func `gives up on a server that never answers, and ends it`() async throws {
        var plan = Plan.shell("echo $$; exec sleep 100")
        plan.servingTimeout = .seconds(0.2)
        let run = ObservedRun(plan)
        await #expect(throws: RunError.self) { try await run.run() }
        #expect(run.first(.processExited)?.fields.int(.signal) == 9)
    }

    @Test func `does not take a port from somebody else`() async throws {
        let server = try RawServer(nil)
        defer { server.stop() }
        var plan = Plan.shell("exit 0")
        plan.port = server.port
        await #expect(throws: RunError.portBusy(server.port)) { try await Experiment(plan: plan) { _ in }.run() }
    }

    @Test(arguments: [0.0, -1])
    func `wants a grace period`(seconds: Double) async {
        await #expect(throws: RunError.self) {
            try await Experiment(plan: .shell("exit 0", grace: .seconds(seconds))) { _ in }.run()
        }
    }

    @Test func `leaves no recording when it never began`() async throws {
        let folder = try TemporaryFolder()
        var plan = Plan.shell("")
        plan.command = ["/no/such/server"]
        plan.keeping = .folder(StateFolder(folder.path))
        await #expect(throws: RunError.self) { try await Experiment(plan: plan) { _ in }.run() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `removes the working directory that it made, and no other`() async throws {
        let folder = try TemporaryFolder()
        var plan = Plan.shell("touch here; exit 0")
        plan.workingDirectory = folder.path
        _ = try? await Experiment(plan: plan) { _ in }.run()
        #expect(FileManager.default.fileExists(atPath: folder.path + "/here"))
        plan.workingDirectory = folder.path + "/own"
        _ = try? await Experiment(plan: plan) { _ in }.run()
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/own"))
    }

    @Test func `is told in a sentence that says what to do`() {
        #expect(RunError.portBusy(8080).description.contains("--port"))
        #expect(RunError.cannotRecord(file: "/x", cause: "No such file").description.contains("--record"))
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The reaper of processes` {
    @Test func `kills every frozen, deaf group when its maker is gone`() async throws {
        let folder = try TemporaryFolder()
        let work = folder.path + "/work"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        // Foundation gives its children a process group of their own.
        let victims = [Process(), Process()]
        for victim in victims {
            victim.executableURL = URL(fileURLWithPath: "/bin/sh")
            victim.arguments = ["-c", #"trap "" TERM INT HUP; kill -STOP $$; sleep 100"#]
            try victim.run()
        }
        let groups = victims.map { Int($0.processIdentifier) }
        try await ProcessReaper.run(removing: work) { reaper in
            // A group that is gone does not save the others.
            for group in [999_999_999] + groups { reaper.watch(group: group) }
            // What the kernel does when this process dies.
            reaper.pipe.closeWriting()
        }
        for victim in victims {
            victim.waitUntilExit()
            #expect(victim.terminationReason == .uncaughtSignal)
            #expect(victim.terminationStatus == 9)
        }
        #expect(!FileManager.default.fileExists(atPath: work))
    }

    @Test func `leaves everything alone when told that it is over`() async throws {
        let folder = try TemporaryFolder()
        try await ProcessReaper.run(removing: folder.path) { $0.watch(group: 999_999_999) }
        #expect(FileManager.default.fileExists(atPath: folder.path))
    }
}
