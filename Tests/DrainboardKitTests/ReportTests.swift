import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `A report` {
    private func report(_ story: Story, recording: String? = nil) -> Report {
        Report(story.board, recording: recording)
    }

    private func json(_ story: Story) throws -> [String: Any] {
        let text = try report(story).formatted(.json, ascii: false)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func `begins with the verdict and how the run ended`() throws {
        let text = try report(Story(end: .killed)).formatted(.text, ascii: false)
        #expect(text.hasPrefix("FORCE-KILLED   killed by signal 9 (SIGKILL), 2.0 s after SIGTERM"))
    }

    @Test func `ends with the place of its recording`() throws {
        let text = try report(Story(), recording: "/tmp/run.jsonl").formatted(.text, ascii: false)
        #expect(text.hasSuffix("\n\nrecorded in /tmp/run.jsonl"))
    }

    @Test func `prints only ASCII where that is asked for`() throws {
        let text = try report(Story(end: .killed), recording: "/tmp/naïve….jsonl").formatted(.text, ascii: true)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.contains("[!] "))
    }

    /// A server of one's own shows nothing of payments, jobs and logs, and nothing of them is counted or listed.
    @Test(arguments: Report.Format.allCases)
    func `has no rule that does not apply`(format: Report.Format) throws {
        let applicable = Set(report(Story()).rules.map(\.name))
        #expect(applicable.contains(.inFlightAnswered) && !applicable.contains(.databaseClosed))
        let text = try report(Story()).formatted(format, ascii: false)
        for name in RuleName.allCases {
            #expect(text.contains(name.sentence) == applicable.contains(name), "\(name)")
        }
    }

    @Test(arguments: Report.Format.allCases)
    func `has the lines that the server printed, trouble first`(format: Report.Format) throws {
        var board = Story().board
        board.say(["3 jobs <lost>"] + (1...20).map { "line \($0)" })
        let text = try Report(board, recording: nil).formatted(format, ascii: false)
        let lost = try #require(text.range(of: format == .junit ? "3 jobs &lt;lost&gt;" : "3 jobs <lost>"))
        #expect(lost.lowerBound < (try #require(text.range(of: "line 20"))).lowerBound)
        #expect(!text.contains("line 8"))
    }

    @Test func `says how to mend what did not hold`() throws {
        let killed = report(Story(end: .killed))
        #expect(!killed.toMend.isEmpty)
        #expect(killed.toMend.allSatisfy { $0.held == false && $0.advice != nil })
        #expect(try killed.formatted(.text, ascii: false).contains("\nto mend\n  not held: "))
        #expect(report(Story()).toMend.isEmpty)
    }

    @Test func `is null in JSON where no signal was sent`() throws {
        #expect(try json(Story(end: .none))["signal"] is NSNull)
        #expect(try json(Story())["signal"] as? String == "SIGTERM")
    }

    @Test func `has the rules in JSON by their names, and null where this run does not show it`() throws {
        let rules = try #require(try json(Story())["rules"] as? [[String: Any]])
        #expect(rules.compactMap { $0["name"] as? String } == Judge(Story().board).verdict.rules.map(\.name.rawValue))
        #expect(rules.contains { $0["held"] is NSNull })
    }

    @Test func `counts the fates of the requests in flight in JSON`() throws {
        let requests = try #require(try json(Story(end: .killed))["requests"] as? [String: Int])
        #expect(requests["inFlightAtSignal"] == 2)
        #expect(requests["resetUnanswered"] == 2)
        #expect(requests["answered"] == 0)
    }

    @Test func `spells in JSON what a terminal takes for a command`() throws {
        let text = try report(Story(title: "a\u{9B}2J\u{202E}b")).formatted(.json, ascii: false)
        #expect(text.contains(#""title" : "a\u009b2J\u202eb""#))
    }

    @Test func `wraps advice at a hundred characters and between words`() {
        let text = Array(repeating: "shutdown", count: 40).joined(separator: " ")
        let lines = Paragraph.lines(text, width: 100)
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines.joined(separator: " ") == text)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A report for a build server` {
    private func lines(_ stories: [Story]) -> [String] {
        Report.junit(stories.map { Report($0.board, recording: nil) }).split(separator: "\n").map(String.init)
    }

    @Test func `has a test case for the verdict and for each rule`() {
        let lines = lines([Story(end: .killed)])
        let count = Judge(Story(end: .killed).board).verdict.rules.count
        #expect(lines.count { $0.contains("<testcase ") } == count + 1)
        #expect(lines[1].contains(#"tests="\#(count + 1)""#))
    }

    @Test func `counts as failures what did not hold, and the verdict`() {
        let report = Report(Story(end: .killed).board, recording: nil)
        let broken = report.rules.count { $0.held == false }
        #expect(broken > 0)
        #expect(lines([Story(end: .killed)])[1].contains(#"failures="\#(broken + 1)""#))
    }

    @Test func `skips what this run does not show`() {
        #expect(lines([Story()]).contains { $0.contains(RuleName.readinessFirst.sentence) && $0.contains("<skipped ") })
    }

    @Test func `names each of several suites by its signal`() {
        let suites = lines([Story(), Story()]).filter { $0.contains("<testsuite ") }
        #expect(suites.count == 2)
        #expect(suites.allSatisfy { $0.contains(#"name="story SIGTERM""#) })
    }

    @Test func `escapes what XML would take for markup`() {
        #expect(lines([Story(title: #"<a> & "b""#)]).contains { $0.contains("name=\"&lt;a&gt; &amp; &quot;b&quot;\"") })
    }

    @Test func `tells the time from the signal to the exit`() {
        #expect(lines([Story()]).contains { $0.contains(#"time="2.000""#) })
    }
}

extension Board {
    /// Lines that the server printed.
    fileprivate mutating func say(_ lines: [String]) {
        for line in lines { apply(Event(.process(.printed(.error, text: line)), from: .supervisor, at: time)) }
    }
}
