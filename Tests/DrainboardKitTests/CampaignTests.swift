import Foundation
import ShutdownBoard
import ShutdownTrace
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `The spread of some measures` {
    static let middles: [([Double], Double)] = [([3, 1, 2], 2), ([4, 1, 2, 3], 2.5), ([7], 7)]

    @Test(arguments: middles)
    func `has its middle where half of them are below`(values: [Double], median: Double) {
        let spread = Spread(values)
        #expect(spread?.min == values.min())
        #expect(spread?.median == median)
        #expect(spread?.max == values.max())
    }

    @Test func `of none is none`() { #expect(Spread([]) == nil) }

    @Test func `is one number where all are the same`() {
        #expect(Spread([1_100, 1_100])?.words == "1.1 s")
        #expect(Spread([1_000, 1_100, 1_400])?.words == "1.0 s / 1.1 s / 1.4 s")
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A campaign` {
    static let good = Story().board
    static let bad = Story(end: .killed).board

    private func campaign(_ rows: [Campaign.Row], isSearch: Bool = false) -> Campaign {
        Campaign(SignalChoice(signals: rows.map(\.signal), isSearch: isSearch), rows: rows)
    }

    @Test func `is graceful where every run is`() throws {
        try #require(Judge(Self.good).verdict.word.isGraceful)
        #expect(Campaign.Row(signal: .terminate, boards: [Self.good, Self.good]).isGraceful)
        #expect(!Campaign.Row(signal: .terminate, boards: [Self.good, Self.bad]).isGraceful)
        #expect(!Campaign.Row(signal: .terminate, boards: [Self.good], failures: ["no"]).isGraceful)
        #expect(!Campaign.Row(signal: .terminate).isGraceful)
    }

    @Test func `exits with the worst of its runs`() {
        let good = Campaign.Row(signal: .terminate, boards: [Self.good])
        let bad = Campaign.Row(signal: .quit, boards: [Self.bad])
        let none = Campaign.Row(signal: .hangup, failures: ["no"])
        #expect(campaign([good]).exitCode == 0)
        #expect(campaign([good, bad]).exitCode == 1)
        #expect(campaign([good, bad, none]).exitCode == 2)
    }

    @Test func `exits with the best signal of a search`() {
        let good = Campaign.Row(signal: .terminate, boards: [Self.good])
        let bad = Campaign.Row(signal: .quit, boards: [Self.bad])
        #expect(campaign([good, bad], isSearch: true).exitCode == 0)
        #expect(campaign([bad], isSearch: true).exitCode == 1)
    }

    @Test func `counts the requests in flight that were lost`() {
        let lost = Campaign.Row(signal: .terminate, boards: [Self.good, Self.bad]).lost
        #expect(lost.count == 2)
        #expect(lost.of == 4)
    }

    @Test func `prints how often each verdict came`() throws {
        let row = Campaign.Row(signal: .terminate, boards: [Self.good, Self.bad, Self.good])
        let text = try campaign([row]).formatted(.text, ascii: false)
        #expect(text.contains("2× GRACEFUL, 1× FORCE-KILLED"))
        #expect(text.hasSuffix("Not every run was graceful."))
    }

    @Test func `names the graceful signal of a program that has one`() throws {
        let rows = [
            Campaign.Row(signal: .terminate, boards: [Self.bad]), Campaign.Row(signal: .quit, boards: [Self.good]),
        ]
        let text = try campaign(rows).formatted(.text, ascii: false)
        #expect(text.contains("This program's graceful signal is SIGQUIT"))
    }

    @Test func `has in JSON a row for each signal and a report for each run`() throws {
        let row = Campaign.Row(signal: .terminate, boards: [Self.good, Self.bad], failures: ["no port"])
        let text = try campaign([row]).formatted(.json, ascii: false)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let signals = try #require(json["signals"] as? [[String: Any]])
        #expect(signals.first?["failures"] as? [String] == ["no port"])
        #expect(signals.first?["verdicts"] as? [String: Int] == ["GRACEFUL": 1, "FORCE-KILLED": 1])
        #expect((json["runs"] as? [Any])?.count == 2)
    }

    @Test func `is a suite for each run of a build server`() throws {
        let row = Campaign.Row(signal: .terminate, boards: [Self.good, Self.bad])
        let text = try campaign([row]).formatted(.junit, ascii: false)
        #expect(text.components(separatedBy: "<testsuite ").count == 3)
    }
}
