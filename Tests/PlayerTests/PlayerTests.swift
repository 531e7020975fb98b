import CustomDump
import Foundation
import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Player

@Suite(.timeLimit(.minutes(20))) struct `A player` {
    static func line(_ seconds: Double, _ text: String) -> TraceLine {
        TraceLine(.event(Event(.outputPrinted, from: .supervisor, at: .seconds(seconds), [.text: .string(text)])))
    }

    @Test func `goes back in a live run while it goes on, and is live again at the end`() throws {
        let timeline = try Timeline(live: {})
        var player = Player(timeline, clock: .seconds(100))
        timeline.append([Self.line(1, "one"), Self.line(2, "two")])
        player.update(at: .seconds(103))
        #expect(player.position == .init(time: .seconds(3), count: 2))
        #expect(player.isMoving)
        player.perform(.step(-1), at: .seconds(103))
        timeline.append([Self.line(4, "four")])
        player.update(at: .seconds(105))
        #expect(player.board.eventCount == 1)
        #expect(player.board.feed.lines.last?.text == "one")
        #expect(!player.isMoving)
        let isNew = player.update(at: .seconds(106))
        #expect(!isNew, "nothing is new while it stands still")
        player.perform(.end, at: .seconds(106))
        #expect(player.board.eventCount == 3)
        #expect(player.position.time == .seconds(6))
        timeline.finish()
        player.update(at: .seconds(120))
        #expect(player.position.time == .seconds(4), "the end of the run, not of the evening")
        #expect(!player.isMoving)
    }

    @Test func `stays at the end of a file that grows, and only there`() async throws {
        let scratch = try Scratch()
        let trace = Trace(seed: 1, count: 20)
        let path = try scratch.file(trace.bytes)
        let watch = Watch()
        let timeline = try Timeline(contentsOf: path, sizes: Timeline.Sizes(), wake: watch.wake)
        try await watch.until(timeline) { $0.isCaughtUp }
        var (first, last) = (Player(timeline), Player(timeline))
        timeline.announce()
        first.update(at: .zero)
        timeline.announce()
        last.perform(.end, at: .zero)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        handle.write(Data(LineWriter.line(Event(.runEnded, from: .supervisor, at: .seconds(999)))))
        try await watch.until(timeline) { $0.count == 21 && $0.isCaughtUp }
        timeline.announce()
        first.update(at: .zero)
        timeline.announce()
        last.update(at: .zero)
        #expect(first.position.count == 0)
        #expect(last.position == .init(time: .seconds(999), count: 21))
    }

    @Test func `keeps marks beside the recording, and what it does not know there`() throws {
        let scratch = try Scratch()
        let path = try scratch.file([])
        let side = try scratch.file(Array("{\"colour\":\"red\"}\nnonsense\n".utf8), named: "run.jsonl.marks")
        var marks = Marks(of: path)
        try marks.toggle(.init(time: .seconds(2), count: 5))
        try marks.toggle(.init(time: .seconds(1.5), count: 3))
        try marks.toggle(.init(time: .seconds(2), count: 5))
        #expect(Marks(of: path).positions == [.init(time: .seconds(1.5), count: 3)])
        let text = try String(contentsOfFile: side, encoding: .utf8)
        #expect(text == "{\"colour\":\"red\"}\n{\"t\":1.5,\"event\":3}\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder).count == 2)
        #expect(throws: RecordingError.self) {
            var lost = Marks(of: scratch.folder + "/no/run")
            defer { #expect(lost.positions.count == 1) }
            try lost.toggle(.init(time: .zero, count: 1))
        }
    }

    @Test(arguments: [true, false])
    func `finds the next event with a text in bounded steps`(forward: Bool) throws {
        let timeline = try Timeline(sizes: Timeline.Sizes(chunk: 4_096, spacing: 100))
        timeline.append((1...9_000).map { Self.line(Double($0), $0.isMultiple(of: 3_000) ? "Needle" : "hay") })
        func find(_ text: String, from count: Int) -> (Search.Outcome, steps: Int) {
            var search = Search(text, from: count, forward: forward)
            for step in 1... {
                let outcome = search.step(in: timeline)
                if outcome != .unfinished { return (outcome, step) }
            }
            return (.nothing, 0)
        }
        func place(_ count: Int) -> Search.Outcome { .found(.init(time: .seconds(Double(count)), count: count)) }
        #expect(find("needLE", from: 3_000).0 == (forward ? place(6_000) : .nothing))
        #expect(find("needle", from: 6_000).0 == place(forward ? 9_000 : 3_000))
        #expect(find("nowhere", from: 4_500).0 == .nothing)
        #expect(find("nowhere", from: 4_500).steps == 3)
        #expect(find("", from: 4_500).0 == .nothing)
    }

    @Test func `wakes its owner once, until it has looked`() throws {
        let wakes = Wakes()
        let timeline = try Timeline(live: { wakes.add() })
        timeline.append([Self.line(1, "one")])
        #expect(wakes.count == 0, "there was news from the beginning")
        #expect(timeline.takeNews())
        timeline.append([Self.line(2, "two")])
        timeline.append([Self.line(3, "three")])
        #expect(wakes.count == 1)
        #expect(timeline.takeNews() && !timeline.takeNews())
    }
}
