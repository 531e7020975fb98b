import CustomDump
import Foundation
import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Player

@Suite(.timeLimit(.minutes(20))) struct `A bad file` {
    static let good = Trace(seed: 3, count: 40)

    static func problems(_ bytes: [UInt8], sizes: Timeline.Sizes = Timeline.Sizes(chunk: 512, spacing: 8))
        async throws -> [String]
    {
        let scratch = try Scratch()
        return try await opened(scratch.file(bytes), sizes: sizes).problems
    }

    /// Lines with odd ones between them; the header is line 1.
    static func file(_ odd: [UInt8]...) -> [UInt8] {
        LineWriter.line(Header(started: "", clock: .zero, title: "t", command: "c")) + odd.flatMap { $0 }
    }

    static func event(_ sequence: Int, _ seconds: Double, id: Int = 1) -> [UInt8] {
        LineWriter.line(
            Event(.websocketTold, from: .server, at: .seconds(seconds), sequence: sequence, [.id: .number(id)]))
    }

    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `that is missing, a folder, or compressed is refused with a sentence`() throws {
        let scratch = try Scratch()
        #expect(throws: RecordingError("Cannot open \(scratch.folder)/no: No such file or directory.")) {
            try Timeline(contentsOf: scratch.folder + "/no")
        }
        #expect(throws: RecordingError("\(scratch.folder) is a folder. Name a trace in it.")) {
            try Timeline(contentsOf: scratch.folder)
        }
        let zipped = try scratch.file([0x1F, 0x8B, 8, 0], named: "run.gz")
        #expect(throws: RecordingError("\(zipped) is compressed. Try: zcat \(zipped) | drainboard watch -")) {
            try Timeline(contentsOf: zipped)
        }
    }

    static let first = event(1, 1)

    static let wrong: [(bytes: [UInt8], sentences: [String])] = [
        ([], ["the trace is empty"]),
        (first, ["line 1: no header; title, limits and grace period are not known"]),
        (
            text("{\"drainboard\":9}\n") + first,
            ["line 1: written by a newer Drainboard (format 9, this one reads up to 1)"]
        ),
        (
            file(first, text("nonsense\n"), [0, 0, 10], [0xFF, 0xFE, 10]),
            ["line 3: not a JSON object", "line 4: not a JSON object", "line 5: not a JSON object"]
        ),
        (
            file(first, text(#"{"seq":2,"t":1.5,"src":"cl"#)),
            ["line 3: torn: the writer ended in the middle of it (26 bytes)"]
        ),
        (file(first, event(2, 9), event(3, 2)), ["line 4: server: time ran backwards"]),
        (file(first, event(4, 2)), ["lines 1 to 3: 2 events of the server missing"]),
        (file(first, event(1, 1)), ["line 3: server: the same event twice"]),
        (
            file(LineWriter.line(Event(.requestFinished, from: .client, at: .zero, [.id: 7, .fate: "cut"]))),
            ["line 2: request.finished: never started"]
        ),
    ]

    @Test(arguments: wrong.indices)
    func `says what is wrong with it, and its line`(index: Int) async throws {
        let problems = try await Self.problems(Self.wrong[index].bytes)
        expectNoDifference(problems, Self.wrong[index].sentences)
    }

    @Test func `with invalid UTF-8 in a text is read all the same`() async throws {
        let scratch = try Scratch()
        let line =
            Self.text(#"{"seq":1,"t":1,"src":"supervisor","ev":"output.printed","text":"a"#) + [0xC3, 0x28, 0x80]
            + Self.text("\"}\n")
        let timeline = try await opened(scratch.file(Self.file(line)))
        #expect(timeline.event(0)?.fields.string(.text) == "a\u{FFFD}(\u{FFFD}")
    }

    @Test func `may end without a newline`() async throws {
        let scratch = try Scratch()
        let timeline = try await opened(scratch.file(Self.file(Self.event(1, 1), Self.event(2, 2)).dropLast()))
        #expect(timeline.count == 2)
        #expect(timeline.problems == [])
        #expect(timeline.board(afterEvents: 1).eventCount == 1)
    }

    @Test(arguments: [TraceReader.longestLine - 200, TraceReader.longestLine + 1, 5 << 20])
    func `with a line of any length is read around it`(length: Int) async throws {
        let long = Self.text("{\"x\":\"") + [UInt8](repeating: 120, count: length) + Self.text("\"}\n")
        let scratch = try Scratch()
        let bytes = Self.file(Self.event(1, 1), long, Self.event(2, 2), Self.text("nonsense\n"))
        let timeline = try await opened(scratch.file(bytes), sizes: Timeline.Sizes(chunk: 4_096))
        #expect(timeline.count == 2)
        let isLong = length > TraceReader.longestLine
        let sentence = isLong ? Chunk.tooLong : "not an event: it has no \"ev\""
        #expect(timeline.problems == ["line 3: \(sentence)", "line 5: not a JSON object"])
        #expect(timeline.event(1)?.time == .seconds(2))
    }

    @Test func `never keeps more sentences than somebody reads`() async throws {
        let problems = try await Self.problems(Self.file(Self.text(String(repeating: "x\n", count: 500))))
        #expect(problems.count == Problems.most + 1)
        #expect(problems.last == "and 400 more")
    }

    @Test func `that grows is followed, and one that is truncated is read anew`() async throws {
        let scratch = try Scratch()
        let path = try scratch.file(Self.file(Self.event(1, 1)))
        let watch = Watch()
        let timeline = try Timeline(contentsOf: path, sizes: Timeline.Sizes(), wake: watch.wake)
        try await watch.until(timeline) { $0.isCaughtUp && $0.count == 1 }
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        handle.write(Data(Self.event(2, 2)))
        try await watch.until(timeline) { $0.isCaughtUp && $0.count == 2 }
        var cursor = Cursor()
        #expect(cursor.board(after: 1, in: timeline).eventCount == 1)
        try handle.truncate(atOffset: 0)
        try await watch.until(timeline) { $0.isCaughtUp && $0.count == 0 }
        #expect(cursor.board(after: 1, in: timeline).eventCount == 0)
        #expect(timeline.problems.first == "the file was truncated while it was open, and is read anew")
        try handle.seek(toOffset: 0)
        handle.write(Data(Self.file(Self.event(1, 7))))
        try await watch.until(timeline) { $0.isCaughtUp && $0.count == 1 }
        #expect(timeline.end == .seconds(7))
    }

    @Test(arguments: Effort.some(of: 0..<16 as Range<UInt64>))
    func `made of a good one by a seeded mutation never stops the reader`(seed: UInt64) async throws {
        let scratch = try Scratch()
        var random = Seeded(seed)
        for _ in 0..<25 {
            var bytes = Self.good.bytes
            mutate(&bytes, &random)
            let timeline = try await opened(scratch.file(bytes), sizes: tiny(&random))
            let count = timeline.count
            let middle = count / 2
            #expect(timeline.board(afterEvents: middle).eventCount == middle)
            #expect(timeline.problems.count <= Problems.most + 2)
            var cursor = Cursor()
            #expect(cursor.count(at: timeline.end, in: timeline) == count)
            let reader = Self.read(bytes)
            expectNoDifference(Fingerprint(timeline.board(afterEvents: middle)), Fingerprint(reader.board(middle)))
            expectNoDifference(Fingerprint(timeline.head), Fingerprint(reader.board(.max)))
        }
    }

    /// The same bytes as the reader of whole traces sees them.
    struct Read {
        var items: [TraceReader.Item]

        /// Everything before the event behind so many.
        func board(_ count: Int) -> Board {
            var board = Board()
            for item in items {
                switch item {
                case .event(let event):
                    guard board.eventCount < count else { return board }
                    board.apply(event)
                case .header(let header): board.apply(header)
                case .problem: break
                }
            }
            return board
        }
    }

    static func read(_ bytes: [UInt8]) -> Read {
        var reader = TraceReader()
        return Read(items: reader.read(bytes) + reader.end())
    }
}

/// A few changes of the kinds that break readers.
func mutate(_ bytes: inout [UInt8], _ random: inout Seeded) {
    for _ in 0..<Int.random(in: 1...8, using: &random) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let other = Int.random(in: 0..<bytes.count, using: &random)
        let length = min(Int.random(in: 1...200, using: &random), bytes.count - place)
        switch random.next() % 7 {
        case 0: bytes[place] = random.pick([0, 10, 13, 34, 92, 123, 125, 0x7F, 0xFF])
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.removeSubrange(place..<place + length)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: other)
        case 4: bytes.insert(contentsOf: repeatElement(random.pick([0, 10, 91, 0xC3]), count: length), at: place)
        case 5: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: Array(#""t":-9e99,"id":99999999999999999999,"#.utf8), at: place)
        }
    }
}
