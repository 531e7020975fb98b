package import Screen
package import ShutdownBoard
package import ShutdownTrace

/// A run as Markdown, to paste into an incident report: what happened, what was found, and when each event was seen.
package struct MarkdownReport {
    let board: Board
    let frame: Frame
    let moment: Time

    /// Lines of the timeline at most; the others are counted.
    static let longestTimeline = 80

    /// - Parameters:
    ///   - board: The run's last board.
    ///   - frame: The screen at a moment.
    ///   - moment: The moment of the frame.
    package init(_ board: Board, frame: Frame, at moment: Time) {
        self.board = board
        self.frame = frame
        self.moment = moment
    }

    /// The report: GitHub's Markdown, which GitLab and most wikis read as well.
    package var markdown: String {
        let verdict = Judge(board).verdict
        let started = board.header.map { ", recorded \(plain($0.started))" } ?? ""
        let parts = [
            "## Shutdown of \(plain(board.title)): \(verdict.word.rawValue)",
            "**\(plain(verdict.headline))**\(started)",
            plain(verdict.lesson),
            "### What was found",
            table(Verdict.evidenceHead, verdict.evidenceRows),
            payments, output,
            "### Rules",
            table(Verdict.rulesHead, verdict.ruleRows),
            mending(verdict),
            done,
            "### Numbers", table(["number", "value"], numbers(verdict.numbers)),
            "### Timeline", timeline,
            "### The screen \(board.stopSignal.words(beside: moment))", block(frame.lines),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    /// The payment truth table; empty where no client paid.
    private var payments: String {
        guard let payments = Judge(board).paymentTable else { return "" }
        let matrix = table(PaymentTable.heads, payments.rows.map { [$0.belief.rawValue] + $0.cells })
        return (["### Payments", matrix] + payments.bad.map { "✗ " + plain($0.sentence) }).joined(separator: "\n\n")
    }

    /// How to mend what did not hold; the lessons of the demo server say that themselves.
    private func mending(_ verdict: Verdict) -> String {
        let rules = verdict.rulesToMend(board)
        guard !rules.isEmpty else { return "" }
        return "### To mend\n\n" + table(Verdict.mendingHead, rules)
    }

    /// How the run was made, the command line ready to be copied.
    private var done: String {
        let rows = RunOrigin(board).rows
        guard !rows.isEmpty else { return "" }
        let command = board.facts.invocation.map { [block([printable($0.description)])] } ?? []
        let rest = rows.filter { $0.kind != .command }.map { [$0.label, $0.text] }
        return (["### What was done"] + command + [table(["what", "is"], rest)]).joined(separator: "\n\n")
    }

    /// What the server printed last; empty where it printed nothing.
    private var output: String {
        let lines = board.process.printed.shown(PrintedLines.longest)
        return lines.isEmpty ? "" : "### Its last lines\n\n" + block(lines.map { printable($0) })
    }

    private func numbers(_ numbers: Numbers) -> [[String]] {
        Numbers.Name.allCases.compactMap { name in numbers.text(name).map { [name.words, $0] } }
    }

    /// The events from a second before the signal, in words.
    private var timeline: String {
        let clock = SignalClock(board)
        let start = board.stopSignal.map { $0.at - .seconds(1) } ?? .zero
        let lines = board.notableLines.filter { $0.time >= start }
        let kept = Self.most(lines, Self.longestTimeline)
        let rows = kept.map { [clock.text($0.time), $0.source.rawValue, mark($0) + $0.text] }
        let more = lines.count - kept.count
        return table(["seconds", "seen by", "what"], rows)
            + (more > 0 ? "\n\n\(more.grouped) more events of less weight are in the recording." : "")
    }

    private func mark(_ line: Feed.Line) -> String {
        (line.isInferred ? "inferred: " : "") + (line.weight == .loss ? "✗ " : line.weight == .risk ? "! " : "")
    }

    /// The heaviest lines, in their order.
    private static func most(_ lines: [Feed.Line], _ count: Int) -> [Feed.Line] {
        guard lines.count > count else { return lines }
        let heaviest = lines.indices.sorted { (-lines[$0].weight.rawValue, $0) < (-lines[$1].weight.rawValue, $1) }
        return heaviest.prefix(count).sorted().map { lines[$0] }
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "Nothing." }
        let lines = [head, head.map { _ in "---" }] + rows.map { $0.map(plain) }
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// Text in a fence that is longer than any in it.
    private func block(_ lines: [String]) -> String {
        let longest = lines.flatMap { $0.split { $0 != "`" }.map(\.count) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return ([fence + "text"] + lines + [fence]).joined(separator: "\n")
    }

    /// Text from anywhere as Markdown that shows just that text: no markup, no HTML, no link and no mention.
    ///
    /// GitHub finds mentions and numbers of issues in the finished page, so no escape keeps them apart; a zero-width
    /// space does.
    private func plain(_ text: String) -> String {
        var result = ""
        for scalar in printable(text).unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "@", "#": result += "\(scalar)\u{200B}"
            case "\\", "`", "*", "_", "[", "]", "|", "~", "$": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.replacing("://", with: ":\u{200B}//").replacing("www.", with: "www\u{200B}.")
    }
}
