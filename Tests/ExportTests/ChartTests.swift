import Export
import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A chart` {
    @Test func `gives each request in flight a lane that ends in its fate`() throws {
        let texts = try Document(Chart(Sample(requests: 3).summary).svg).texts
        #expect(texts.filter { $0.hasSuffix("GET /report") }.count == 3)
        #expect(texts.filter { $0 == "✗ reset" }.count == 3)
        #expect(texts.contains("3 in flight at SIGTERM"))
    }

    @Test func `counts the requests that have no lane`() throws {
        let texts = try Document(Chart(Sample(requests: 5_000, end: .polite).summary).svg).texts
        #expect(texts.filter { $0.hasSuffix("GET /report") }.count == 24)
        #expect(texts.contains("and 4,976 more: 4,976 answered"))
    }

    @Test func `names every signal, the exit, each resource and each limit`() throws {
        let texts = Set(try Document(Chart(Sample().summary).svg).texts)
        #expect(texts.isSuperset(of: ["SIGTERM", "SIGKILL +2.000", "exit +2.010", "1 log", "2 listener"]))
        #expect(
            texts.isSuperset(of: [
                "✗ never began", "✗ not done", "grace", "drain", "1.0 s of 30.0 s", "2.0 s of 45.0 s",
            ]))
    }

    @Test func `tells each release with its time`() throws {
        let texts = Set(try Document(Chart(Sample(end: .polite).summary).svg).texts)
        #expect(texts.isSuperset(of: ["✓ 2.0 s", "+3.000", "✓ 0.1 s", "+3.200"]))
    }

    @Test func `keeps every mark inside the picture`() throws {
        for end in [Sample.End.polite, .killed, .none] {
            let svg = Chart(Sample(end: end).summary).svg
            for match in svg.matches(of: /(?:x|x1|x2)="(-?[0-9.]+)"/) {
                let x = try #require(Double(match.1))
                #expect((0...960).contains(x))
            }
        }
    }

    @Test(arguments: Sample.evil) func `is a well-formed document whatever the run says`(evil: String) throws {
        let document = try Document(Chart(Sample(title: evil, path: evil).summary).svg)
        #expect(document.elements.isDisjoint(with: ["script", "b"]))
    }

    @Test func `of a log has its phases, and claims nothing of who was in flight`() throws {
        var summary = RunSummary()
        let told: [(EventKind, Double)] = [
            (.signalReceived, 1), (.shutdownBegan, 1), (.drainBegan, 1), (.drainEnded, 3), (.shutdownEnded, 3.5),
        ]
        for (index, (kind, time)) in told.enumerated() {
            summary.apply(Event(kind, from: .importer, at: .seconds(time), sequence: index + 1, [.signal: 15]))
        }
        let texts = try Document(Chart(summary).svg).texts
        #expect(texts.contains("in flight: not told"))
        #expect(!texts.contains { $0.contains("no request was in flight") || $0.hasPrefix("0 in flight") })
        let rows = ["draining", "2.0 s", "+0.000", "exiting", "0.5 s", "+2.000"]
        #expect(texts.filter { rows.contains($0) } == rows)
    }

    @Test func `shows a run without events`() throws {
        #expect(try Document(Chart(RunSummary()).svg).texts.contains("no request was in flight"))
    }
}
