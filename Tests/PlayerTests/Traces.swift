import Foundation
import ShutdownTrace
import Synchronization
import TestSupport
import Testing

@testable import Player

/// A made-up run: its header, its events, and the bytes of its file.
struct Trace {
    var header: Header? = Header(started: "2026-01-31T17:02:11Z", clock: .seconds(10), title: "made up", command: "c")
    var events: [Event] = []

    init(_ events: [Event]) { self.events = events }

    /// A run with requests, payments, signals, a shutdown, and now and then something that cannot be.
    init(seed: UInt64, count: Int = 600) {
        var random = Seeded(seed)
        var time = Time.zero
        var sequence: [Source: Int] = [:]
        for number in 0..<count {
            time += Time(microseconds: random.pick([0, 7, 900, 40_000, 2_500_000]))
            var event = Self.event(number, of: count, &random)
            event.time = random.next() % 50 == 0 ? time - .milliseconds(300) : time
            sequence[event.source, default: 0] += random.next() % 90 == 0 ? 2 : 1
            event.sequence = sequence[event.source] ?? 0
            events.append(event)
        }
    }

    private static func event(_ number: Int, of count: Int, _ random: inout Seeded) -> Event {
        let id = Fields.Entry(.id, .number(Int.random(in: 0..<40, using: &random)))
        func make(_ kind: EventKind, _ source: Source = .client, _ more: Fields.Entry...) -> Event {
            Event(kind, from: source, at: .zero, Fields([id] + more))
        }
        if number == count / 2 { return make(.signalSent, .supervisor, .init(.signal, 15)) }
        if number == count - 1 { return make(.processExited, .kernel, .init(.how, "exited"), .init(.code, 0)) }
        switch random.next() % 12 {
        case 0...2: return make(.requestStarted, .client, .init(.method, "GET"), .init(.path, "/report"))
        case 3, 4: return make(.requestFinished, .client, .init(.fate, .string(random.pick(Fate.allCases).rawValue)))
        case 5: return make(.requestAnswering, .client, .init(.status, 200))
        case 6: return make(.paymentIntended, .client, .init(.order, .number(number)))
        case 7: return make(.paymentCharged, .server, .init(.order, .number(number - 3)))
        case 8: return make(random.pick(EventKind.allCases.filter { $0 != .processExited }), .server)
        case 9: return make(.resourceAcquired, .server, .init(.name, .string("r\(number % 7)")))
        case 10: return make(.websocketOpened)
        default: return make(.outputPrinted, .supervisor, .init(.text, .string("line \(number) of the log")))
        }
    }

    var bytes: [UInt8] { (header.map { LineWriter.line($0) } ?? []) + events.flatMap { LineWriter.line($0) } }

    var items: [TraceReader.Item] { (header.map { [.header($0)] } ?? []) + events.map { .event($0) } }
}

/// Pieces and keyframes so small that a short run has many.
func tiny(_ random: inout Seeded) -> Timeline.Sizes {
    Timeline.Sizes(
        chunk: random.pick([100, 300, 1_000, 5_000]), spacing: random.pick([1, 3, 20, 150, 10_000]), memory: 1 << 20)
}

/// A file of a test, which is gone with its folder.
final class Scratch {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "player-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func file(_ bytes: [UInt8], named name: String = "run.jsonl") throws -> String {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }
}

/// Waits for what a timeline announces, instead of asking again and again.
final class Watch: Sendable {
    private let news: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation

    init() {
        (news, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var wake: @Sendable () -> Void { { [source] in source.yield() } }

    /// Returns when a condition holds, a minute later at most; it is looked at once for every wake.
    func until(
        _ timeline: Timeline, _ file: String = #fileID, _ line: Int = #line, _ holds: (Timeline) -> Bool
    ) async throws {
        let limit = Task { [source] in
            try await Task.sleep(for: .seconds(60))
            source.finish()
        }
        defer { limit.cancel() }
        source.yield()
        for await _ in news {
            _ = timeline.takeNews()
            if holds(timeline) { return }
        }
        throw NeverCame(file, line)
    }
}

/// A file's timeline, read to its end.
func opened(_ path: String, sizes: Timeline.Sizes = Timeline.Sizes()) async throws -> Timeline {
    let watch = Watch()
    let timeline = try Timeline(contentsOf: path, sizes: sizes, wake: watch.wake)
    try await watch.until(timeline) { $0.isCaughtUp }
    return timeline
}

/// Counts, on any thread.
final class Wakes: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
