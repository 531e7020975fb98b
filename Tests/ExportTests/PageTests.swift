import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Export

@Suite(.timeLimit(.minutes(20))) struct `A page` {
    @Test func `holds the text of every frame`() throws {
        let sample = Sample(title: "日本 wide", end: .polite)
        let film = sample.film()
        let run = try Self.run(in: Page(sample.summary, film).html)
        let table = try #require(run["table"] as? [[Any]]).compactMap { $0.first as? String }
        let frames = try #require(run["frames"] as? [[Double]])
        #expect(frames.count == film.shots.count)
        var rows = Array(repeating: 0, count: film.size.rows)
        for (frame, shot) in zip(frames, film.shots) {
            for index in stride(from: 1, to: frame.count, by: 2) { rows[Int(frame[index])] = Int(frame[index + 1]) }
            #expect(rows.map { table[$0] } == shot.frame.lines)
        }
    }

    @Test(arguments: Effort.some(of: Sample.evil)) func `lets no text of the run become markup or code`(evil: String)
        throws
    {
        let sample = Sample(title: evil, path: evil)
        let html = Page(sample.summary, sample.film(size: Size(columns: 60, rows: 12))).html
        #expect(html.matches(of: /<script/).count == 2)
        #expect(html.matches(of: /<\/script/).count == 2)
        #expect(html.matches(of: /<title>/).count == 1)
        #expect(html.unicodeScalars.allSatisfy(isHarmless))
        let events = try #require(try Self.run(in: html)["events"] as? [[Any]])
        #expect(events.contains { ($0[2] as? String)?.contains(printable(evil)) == true })
    }

    @Test func `shows the payments, and names those in a bad cell`() {
        let sample = Sample().withPayments()
        let html = Page(sample.summary, sample.film(size: Size(columns: 60, rows: 12))).html
        #expect(html.contains("<td>1 twice</td>"))
        #expect(html.contains("<p>✗ 1 twice: order 77 (request 8)</p>"))
    }

    @Test func `asks the network for nothing`() {
        let html = Page(Sample().summary, Sample().film()).html
        #expect(html.contains("default-src 'none'"))
        #expect(!html.contains("unsafe-"))
        #expect(html.matches(of: /(?:src|href)=/).isEmpty)
    }

    @Test func `thins out a film that is too big`() {
        var random = SystemRandomNumberGenerator()
        var film = Film(size: Size(columns: 50, rows: 10))
        for second in 0..<200 {
            var frame = Frame(size: film.size)
            for index in frame.cells.indices {
                frame.cells[index] = Frame.Cell(Unicode.Scalar(UInt8.random(in: 0x21...0x7E, using: &random)))
            }
            film.append(frame, at: .seconds(Double(second)))
        }
        let page = Page(RunSummary(), film, mostBytes: 50_000)
        #expect(page.html.utf8.count < 50_000 + Page(RunSummary(), Film(size: film.size)).html.utf8.count)
        #expect(page.film.shots.first == film.shots.first)
        #expect(page.film.shots.last == film.shots.last)
    }

    /// The data of a page, read as a browser would.
    static func run(in html: String) throws -> [String: Any] {
        let match = try #require(html.firstMatch(of: /<script type="application\/json" id="run">([\s\S]*?)<\/script>/))
        return try #require(try JSONSerialization.jsonObject(with: Data(match.1.utf8)) as? [String: Any])
    }
}
