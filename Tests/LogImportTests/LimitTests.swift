import LogImport
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A long log` {
    static func log(_ lines: Range<Int>) -> String {
        lines.map { "2026-01-31T17:02:01Z GET /item/\($0) 200\n" }.joined()
    }

    static func imported(_ text: String, _ limit: LogImporter.Limit, name: String = "app") -> [Event] {
        var importer = LogImporter(name: name, latest: Fixture.latest, limit: limit)
        let items = importer.read(Array(text.utf8)) + importer.end()
        return items.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    @Test func `keeps its first lines, those before what it says of the shutdown, and a count of the others`() {
        let text = Self.log(0..<100) + "2026-01-31T17:02:11Z shutting down\n" + Self.log(100..<104)
        let events = Self.imported(text, .init(first: 3, before: 2, most: 100))
        #expect(events.compactMap { $0.fields.int("line") } == [1, 2, 3, 4, 99, 100, 101, 102, 104, 105])
        #expect(events[3].fields.string(.text) == "95 lines that say nothing of a shutdown are left out here")
        #expect(events[3].fields.int(.count) == 95)
        #expect(events[6].kind == .shutdownBegan)
        #expect(events[7].fields.int(.count) == 2)
    }

    @Test func `keeps no more than the most, whatever it says how often`() {
        let text = (0..<50).map { Self.log($0 * 10..<$0 * 10 + 10) + "2026-01-31T17:02:11Z closing pool \($0)\n" }
        let begun = "2026-01-31T17:02:00Z shutting down\n"
        let events = Self.imported(begun + text.joined(), .init(first: 3, before: 4, most: 20))
        let lines = events.filter { $0.kind == .logLine && $0.fields.int(.count) == nil }
        #expect(lines.count == 20)
        #expect(events.compactMap { $0.fields.int(.count) }.reduce(lines.count, +) == 500)
        #expect(events.count { $0.kind == .resourceReleasing } == 50)
    }

    @Test func `that is followed keeps every line`() {
        #expect(Self.imported(Self.log(0..<1_000), .none).count == 1_000)
    }

    @Test(arguments: Fixture.names) func `tells the same shutdown at any limit`(name: String) throws {
        let text = String(decoding: try Fixture.bytes(name), as: UTF8.self)
        let all = Self.imported(text, .none, name: name)
        for (first, before, most) in [(0, 0, 0), (0, 1, 100), (2, 0, 2), (1, 2, 5)] {
            let some = Self.imported(text, .init(first: first, before: before, most: most), name: name)
            let told = { (events: [Event]) in
                events.filter { $0.kind != .logLine }.map { Event($0.kind, from: $0.source, at: $0.time, $0.fields) }
            }
            #expect(told(some) == told(all))
            #expect(some.enumerated().allSatisfy { $1.sequence == $0 + 1 })
            let kept = some.count { $0.kind == .logLine && $0.fields.int(.count) == nil }
            let leftOut = some.compactMap { $0.kind == .logLine ? $0.fields.int(.count) : nil }.reduce(0, +)
            #expect(kept + leftOut == all.count { $0.kind == .logLine })
            #expect(kept <= most)
        }
    }
}
