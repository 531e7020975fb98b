import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The family of a server` {
    private func member(_ run: Run, _ pid: Int, of parent: Int, _ command: String = "sh") -> Run {
        run.saw(
            .memberSeen, .kernel,
            [
                .pid: .number(pid), .parent: .number(parent), .command: .string(command), .caught: .list([15]),
                .ignored: .list([13]), .blocked: .list([]), .threads: 4, .listens: .bool(pid == 12),
            ])
    }

    @Test func `is a tree`() {
        let run = member(member(member(member(Run(traced: false), 13, of: 11), 10, of: 1), 12, of: 10), 11, of: 10)
        let tree = run.board.family.tree
        #expect(tree.map(\.member.pid) == [10, 11, 13, 12])
        #expect(tree.map(\.depth) == [0, 1, 2, 1])
        #expect(tree.last?.member.listens == true)
    }

    @Test func `that is a ring leaves nobody out`() {
        let run = member(member(Run(traced: false), 10, of: 11), 11, of: 10)
        #expect(Set(run.board.family.tree.map(\.member.pid)) == [10, 11])
    }

    @Test func `remembers how a member ended`() {
        let run = member(Run(traced: false), 10, of: 1).saw(
            .memberGone, .kernel, [.pid: 10, .how: "signaled", .signal: 15, .core: false])
        #expect(run.board.family.members[10]?.end?.words == "killed by signal 15 (SIGTERM)")
        #expect(run.board.family.alive == 0)
    }

    @Test func `tells what holds up a server that says nothing`() {
        let run = Run.serving(traced: false).signal(.terminate).answers(1...3)
            .saw(.blockerSeen, .kernel, [.name: "process 12", .kind: "process", .cause: "alive", .pid: 12])
            .saw(
                .blockerSeen, .kernel,
                [.name: "connection 40212", .kind: "connection", .cause: "unread", .port: 40212, .count: 1_200])
        let blockers = run.board.at(run.time).blockers()
        #expect(blockers.map(\.subject) == ["process 12", "connection 40212"])
        #expect(blockers.map(\.cause) == ["still runs", "1,200 bytes not read by the server"])
        #expect(run.saw(.blockerGone, .kernel, [.name: "process 12"]).board.at(run.time).blockers().count == 1)
    }

    @Test func `names the request that is on a connection which holds it up`() throws {
        let run = Run.serving(traced: false).signal(.terminate).answers(1...2)
            .saw(.requestSent, .client, [.id: 3, .port: 40212])
            .saw(
                .blockerSeen, .kernel,
                [.name: "connection 40212", .kind: "connection", .cause: "left", .port: 40212])
        let blockers = run.board.at(run.time).blockers()
        let lane = try #require(run.board.requests.inFlight[3])
        #expect(blockers.map(\.subject) == ["3 \(lane.method) \(lane.path)"])
        #expect(blockers.map(\.cause) == ["its client has left, the server has not closed it"])
        #expect(blockers.first?.lasted == lane.age(at: run.time))
    }

    @Test(arguments: [("silent", "never used"), ("halfSent", "half a request sent"), ("idle", "idle"), (nil, "idle")])
    func `says what a connection is kept for that no request is on`(kind: String?, words: String) {
        var run = Run.serving(traced: false)
        if let kind {
            run = run.saw(.connectionOpened, .client, [.id: 9, .kind: .string(kind), .port: 40213])
        }
        run = run.signal(.terminate).saw(.requestSent, .client, [.id: 3, .port: 40212]).answers(1...3)
            .saw(
                .blockerSeen, .kernel,
                [.name: "connection 40213", .kind: "connection", .cause: "quiet", .port: 40213])
        #expect(run.board.at(run.time).blockers().map(\.cause) == [words])
    }

    @Test func `that nobody asks waits for the connections of others`() {
        func run(_ open: Int) -> Run {
            Run(traced: false).unasked().starts().signal(.terminate)
                .saw(.socketsSeen, .kernel, [.open: .number(open), .quiet: .number(open)])
                .saw(
                    .blockerSeen, .kernel,
                    [.name: "connection 40212", .kind: "connection", .cause: "quiet", .port: 40212])
        }
        #expect(run(2).board.phase == .draining)
        #expect(run(2).board.at(run(2).time).waiting?.what == "2 connections to close")
        #expect(run(2).board.at(run(2).time).waiting?.oldest == "from port 40212")
        #expect(run(0).board.phase == .exiting)
        // Idle connections hold nothing up before the listener is closed.
        #expect(run(2).board.at(run(2).time).blockers().isEmpty)
        let closed = run(2).saw(.listenerGone, .kernel, [.port: 3000])
        #expect(closed.board.at(closed.time).blockers().map(\.subject) == ["connection 40212"])
        // That a thread sleeps meanwhile explains nothing more.
        let asleep = closed.saw(.blockerSeen, .kernel, [.name: "thread 1", .kind: "thread", .cause: "waits"])
        #expect(asleep.board.at(asleep.time).blockers().map(\.subject) == ["connection 40212"])
    }

    @Test func `that tells of its services alone leaves no rotation and is released step by step`() {
        func service(_ kind: EventKind, _ name: String) -> (Run) -> Run {
            { $0.server(kind, [.name: .string(name)]) }
        }
        var run = Run().saw(.processSpawned, .supervisor, [.pid: 1])
        for name in ["database", "http"] { run = service(.resourceAcquired, name)(run) }
        run = run.saw(.processServing, .supervisor, [.port: 1, .took: 0.1]).requests(1...1).signal(.terminate)
            .server(.signalReceived, [.signal: 15, .ordinal: 1]).server(.shutdownBegan, [.cause: "SIGTERM"])
        run = service(.resourceReleasing, "http")(run)
        #expect(run.board.phase == .draining)
        run = run.answers(1...1)
        #expect(run.board.phase == .releasing("http"))
        #expect(run.board.at(run.time).waiting?.what == "http to be released")
        #expect(run.board.at(run.time).waiting?.next == ["database"])
        run = service(.resourceReleasing, "database")(service(.resourceReleased, "http")(run))
        #expect(run.board.phase == .releasing("database"))
        #expect(run.board.track.map(\.name) == ["serving", "listener closed", "http", "database", "exit"])
        run = service(.resourceReleased, "database")(run).saw(.listenerGone, .kernel, [.port: 1])
            .server(.shutdownEnded, [.outcome: "clean"]).exits(0)
        #expect(run.board.track.allSatisfy { $0.state == .passed })
    }

    @Test func `shows the listener's end where nobody told it`() {
        let run = Run.serving(traced: false).signal(.terminate).saw(.listenerGone, .kernel, [.port: 8080])
        #expect(run.board.track.first { $0.name == "listener closed" }?.state == .passed)
    }

    @Test func `that goes on behind a dead wrapper is an orphan`() {
        let run = Run(traced: false).starts(catching: []).requests(1...3).signal(.terminate).answers(1...3).dies(
            .terminate
        )
        .saw(.processLeftBehind, .supervisor, [.pid: 12, .command: "server"])
        let orphaned = run.ends(port: "accepts").verdict
        #expect(orphaned.word == .orphans)
        #expect(orphaned.lesson.contains("exec"))
        #expect(run.ends().verdict.word == .unhandled)
    }
}
