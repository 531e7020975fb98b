import Export
import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A report of an incident` {
    private func markdown(_ sample: Sample) -> String {
        MarkdownReport(sample.summary.board, frame: sample.frame(at: .seconds(5.5)), at: .seconds(5.5)).markdown
    }

    @Test func `begins with the verdict and how it ended`() {
        let lines = markdown(Sample()).split(separator: "\n")
        #expect(lines[0] == "## Shutdown of sample: FORCE-KILLED")
        #expect(lines[1].hasPrefix("**killed by signal 9 (SIGKILL), 2.0 s after SIGTERM, while draining**"))
    }

    @Test func `shows the payments, and names those in a bad cell`() {
        let text = markdown(Sample().withPayments())
        #expect(text.contains("| paid | 0 | 1 | 1 twice |"))
        #expect(text.contains("1 twice: order 77 (request 8)"))
        #expect(!markdown(Sample()).contains("Payments"))
    }

    @Test func `tells every rule that applies and no other, and the frame`() {
        let text = markdown(Sample())
        let applicable = Judge(Sample().summary.board).verdict.rules.map(\.name)
        for rule in RuleName.allCases { #expect(text.contains(rule.sentence) == applicable.contains(rule)) }
        #expect(text.contains(Sample().frame(at: .seconds(5.5)).lines.joined(separator: "\n")))
    }

    @Test(arguments: ["plain"] + Sample.evil) func `has as many cells in each row as its head`(evil: String) throws {
        var width: Int?
        var isFenced = false
        for line in markdown(Sample(title: evil, path: evil)).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isFenced.toggle() }
            guard line.hasPrefix("|"), !isFenced else {
                width = nil
                continue
            }
            let cells = line.replacing("\\\\", with: "").replacing("\\|", with: "").split(
                separator: "|", omittingEmptySubsequences: false
            ).count
            #expect(cells == width ?? cells, "\(line)")
            width = cells
        }
        #expect(!isFenced)
    }

    @Test func `calls nobody and links nowhere`() {
        let text = markdown(Sample(title: "@everyone #12 https://x.example <img src=x> **b**"))
        let prose = text.prefix(upTo: text.firstRange(of: "```")?.lowerBound ?? text.endIndex)
        #expect(prose.firstMatch(of: /@[a-z]|#[0-9]|https:\/\/|<img/) == nil)
    }

    @Test func `fences a frame that has fences in it`() {
        var frame = Frame(size: Size(columns: 8, rows: 2))
        for column in 0..<5 { frame[0, column] = Frame.Cell("`") }
        let text = MarkdownReport(Board(), frame: frame, at: .zero).markdown
        #expect(text.contains("``````text\n`````\n\n``````"))
    }

    @Test func `counts the events for which it has no room`() {
        let text = markdown(Sample(requests: 500))
        #expect(text.contains("more events of less weight are in the recording."))
        #expect(text.utf8.count < 40_000)
    }
}
