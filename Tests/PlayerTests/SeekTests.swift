import CustomDump
import Foundation
import ShutdownTrace
import TestSupport
import Testing

@testable import Player
@testable import ShutdownBoard

@Suite(.timeLimit(.minutes(20))) struct `A timeline` {
    /// Events that have happened by a moment, counted the slow way.
    static func count(_ events: [Event], at time: Time) -> Int {
        var now = Time.zero
        return events.firstIndex { event in
            now = max(now, event.time)
            return now > time
        } ?? events.count
    }

    @Test(arguments: Effort.some(of: 0..<24 as Range<UInt64>))
    func `shows at any moment the fold of what happened before`(seed: UInt64) async throws {
        var random = Seeded(seed)
        let trace = Trace(seed: seed)
        let scratch = try Scratch()
        let timeline = try await opened(scratch.file(trace.bytes), sizes: tiny(&random))
        #expect(timeline.count == trace.events.count)
        var cursor = Cursor()
        for _ in 0..<30 {
            let anywhere = Time(microseconds: .random(in: -5...timeline.end.microseconds + 5, using: &random))
            let time = random.pick([anywhere, random.pick(trace.events).time])
            let count = cursor.count(at: time, in: timeline)
            #expect(count == Self.count(trace.events, at: time))
            let board = Board(header: trace.header, trace.events.prefix(count))
            expectNoDifference(Fingerprint(cursor.board(after: count, in: timeline)), Fingerprint(board))
            #expect(cursor.time(after: count, in: timeline) == board.time)
            #expect(timeline.event(count) == (count < trace.events.count ? trace.events[count] : nil))
        }
    }

    @Test(arguments: Effort.some(of: 0..<8 as Range<UInt64>))
    func `is the same from a file, from a pipe in chunks of any size, and from a live run`(seed: UInt64) async throws {
        var random = Seeded(seed)
        let trace = Trace(seed: seed, count: 300)
        let scratch = try Scratch()
        let file = try await opened(scratch.file(trace.bytes), sizes: tiny(&random))
        let live = try Timeline(sizes: tiny(&random))
        var items = trace.items[...]
        while !items.isEmpty {
            let next = items.prefix(Int.random(in: 1...40, using: &random))
            live.append(next.map(TraceLine.init))
            items.removeFirst(next.count)
        }
        live.finish()
        let piped = try await Self.piped(trace.bytes, sizes: tiny(&random), &random)
        for count in stride(from: 0, through: trace.events.count, by: 23) {
            let expected = Fingerprint(Board(header: trace.header, trace.events.prefix(count)))
            for timeline in [file, live, piped] {
                expectNoDifference(Fingerprint(timeline.board(afterEvents: count)), expected)
            }
        }
        expectNoDifference(file.landmarks, live.landmarks)
        expectNoDifference(file.landmarks, piped.landmarks)
        expectNoDifference(file.gaps, live.gaps)
        #expect(!piped.isOpen && !live.isOpen && file.isCaughtUp)
    }

    static func piped(_ bytes: [UInt8], sizes: Timeline.Sizes, _ random: inout Seeded) async throws -> Timeline {
        let pipe = Pipe()
        let watch = Watch()
        let timeline = try Timeline(
            following: dup(pipe.fileHandleForReading.fileDescriptor), sizes: sizes, wake: watch.wake)
        var rest = bytes[...]
        while !rest.isEmpty {
            let next = rest.prefix(Int.random(in: 1...4_000, using: &random))
            pipe.fileHandleForWriting.write(Data(next))
            rest.removeFirst(next.count)
        }
        try pipe.fileHandleForWriting.close()
        try await watch.until(timeline) { !$0.isOpen && $0.isCaughtUp }
        return timeline
    }

    @Test(arguments: Effort.some(of: 0..<6 as Range<UInt64>))
    func `has a valid board after every prefix of a run`(seed: UInt64) throws {
        let timeline = try Timeline(sizes: Timeline.Sizes(chunk: 700, spacing: 16))
        let trace = Trace(seed: seed, count: 150)
        timeline.append(trace.items.map(TraceLine.init))
        for count in 0...trace.events.count {
            let board = timeline.board(afterEvents: count)
            #expect(board.eventCount == count)
            #expect(Judge(board).verdict.rules.count > 0)
            #expect(board.requests.inFlight.values.allSatisfy { $0.end == nil })
        }
    }

    @Test func `notes phases, signals and silences where they begin`() throws {
        func at(_ seconds: Double, _ kind: EventKind, _ source: Source, _ fields: Fields = [:]) -> Event {
            Event(kind, from: source, at: .seconds(seconds), fields)
        }
        let timeline = try Timeline(sizes: Timeline.Sizes())
        timeline.append(
            Trace([
                at(0, .processSpawned, .supervisor, [.pid: 1]), at(0.5, .processServing, .supervisor),
                at(4, .signalSent, .supervisor, [.signal: 15]), at(4.5, .shutdownBegan, .server),
                at(9, .processExited, .kernel, [.how: "exited", .code: 0]),
            ]).items.map(TraceLine.init))
        #expect(
            timeline.landmarks == [
                Landmark(kind: .phase(.serving), index: 2, time: .seconds(0.5)),
                Landmark(kind: .signal(.terminate), index: 3, time: .seconds(4)),
                Landmark(kind: .phase(.exiting), index: 3, time: .seconds(4)),
                Landmark(kind: .phase(.lead), index: 4, time: .seconds(4.5)),
                Landmark(kind: .phase(.gone), index: 5, time: .seconds(9)),
            ])
        #expect(
            timeline.gaps == [
                Gap(start: .seconds(0.5), end: .seconds(4)), Gap(start: .seconds(4.5), end: .seconds(9)),
            ])
    }

    @Test func `keeps few boards when they weigh much`() {
        var keyframes = Keyframes(spacing: 1, limit: 4 << 20)
        var board = Board()
        for number in 0..<2_000 {
            if keyframes.isDue(board) { keyframes.keep(board, before: number) }
            board.apply(Event(.outputPrinted, from: .supervisor, at: .zero, [.text: .string("\(number)")]))
        }
        #expect(keyframes.entries.count < 100)
        #expect(keyframes.spacing > 16)
        #expect(keyframes.last(before: 1_999).map { 1_999 - $0.board.eventCount < 2 * keyframes.spacing } == true)
        #expect(keyframes.last(before: 0)?.board.eventCount == 0, "the beginning is never given up")
    }

    @Test func `keeps a board less often while very many requests are in flight`() {
        var keyframes = Keyframes(spacing: 10, limit: 64 << 20)
        var board = Board()
        for id in 1...500 {
            if keyframes.isDue(board) { keyframes.keep(board, before: id) }
            board.apply(
                Event(id <= 100 ? .requestStarted : .probePassed, from: .client, at: .zero, [.id: .number(id)]))
        }
        let places = keyframes.entries.map(\.board.eventCount)
        #expect(places == [0, 10, 110, 210, 310, 410], "each is as far from the last as requests are in flight")
    }
}

extension Timeline {
    /// A live run.
    convenience init(sizes: Timeline.Sizes) throws(RecordingError) { try self.init(live: {}, sizes: sizes) }
}
