import ShutdownBoard
import ShutdownTrace
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `A table of text` {
    @Test func `has columns as wide as their widest cells`() {
        #expect(TextTable([["a", "bcd"], ["ef", "g"]]).padded == [["a ", "bcd"], ["ef", "g  "]])
    }

    @Test func `has no blanks at the ends of its lines`() {
        #expect(TextTable([["a", "b"], ["cd", ""]], gap: "  ").lines == ["a   b", "cd"])
        #expect(TextTable([[""]]).lines == [""])
    }

    @Test func `may be empty`() { #expect(TextTable([]).lines == []) }

    @Test func `is coloured only where that is asked for`() {
        #expect(TableStyle(isColored: false, isASCII: false).paint("killed", .loss) == "killed")
        #expect(TableStyle(isColored: true, isASCII: false).paint("killed", .loss) == "\u{1B}[1;31mkilled\u{1B}[0m")
        #expect(TableStyle(isColored: true, isASCII: false).paint("plain", .plain) == "plain")
    }
}

@Suite(.timeLimit(.minutes(20))) struct `Text on a terminal` {
    private let narrow = TableStyle(isColored: false, isASCII: false, width: 40)

    @Test func `is broken between words, and the rest stands below its beginning`() {
        let text = "one two three four five six seven"
        #expect(narrow.lines("✓ a rule   ", text) == ["✓ a rule   one two three four five six", "           seven"])
        #expect(narrow.lines("", "short") == ["short"])
        #expect(narrow.lines("", "forty columns are not enough for     this")[0] == "forty columns are not enough for")
        #expect(
            narrow.lines("left by itself  ", "it was killed at 0.0 of 45 s")
                == ["left by itself  it was killed at 0.0 of", "                45 s"])
    }

    @Test func `has a line of its own where its column would be narrow`() {
        #expect(
            narrow.lines("a label that takes most of it  ", "some words of evidence")
                == ["a label that takes most of it", "    some words of evidence"])
    }

    @Test func `is not broken where there is no terminal`() {
        let plain = TableStyle(isColored: false, isASCII: false)
        let text = String(repeating: "word ", count: 60)
        #expect(plain.lines("lead ", text) == ["lead " + text])
    }

    @Test func `is coloured part by part`() {
        let style = TableStyle(isColored: true, isASCII: false, width: 40)
        #expect(style.lines("✗ a rule   ", "0 of 3", .loss) == ["\u{1B}[1;31m✗ a rule   \u{1B}[0m0 of 3"])
        #expect(style.lines("✓ a rule   ", "3", .good, mark: 1) == ["\u{1B}[34m✓\u{1B}[0m a rule   3"])
    }

    @Test func `leaves a word whole that is wider than the terminal`() {
        let path = "/" + String(repeating: "x", count: 60)
        #expect(narrow.lines("recorded in \(path)") == ["recorded in", path])
    }

    @Test func `has narrower gaps, and then broken heads and cells in a table`() {
        let rows = [["name", "what it says"], ["a", "not reached yet"]]
        #expect(TextTable(rows, width: 30).lines == ["name   what it says", "a      not reached yet"])
        #expect(TextTable(rows, width: 20).lines == ["name what it says", "a    not reached yet"])
        #expect(TextTable(rows, width: 17).lines == ["name what it says", "a    not reached", "     yet"])
        #expect(TextTable(rows, width: 3).lines.allSatisfy { $0.count <= "name reached".count })
        let heads = [["others lost", "x"], ["5", "no answer"]]
        #expect(TextTable(heads, width: 17).lines == ["others  x", "lost", "5       no answer"])
    }

    @Test func `keeps a column that is a drawing`() {
        let rows = [["a b", "──── ────"], ["c d", "─ ─"]]
        #expect(TextTable(rows, width: 8, fixed: 1).lines == ["a ──── ────", "b", "c ─ ─", "d"])
    }

    @Test(arguments: [80, 120]) func `fits in the grid and the sweep`(width: Int) {
        let style = TableStyle(isColored: false, isASCII: false, width: width)
        let cells = [GridCell](repeating: .notReached, count: GridState.allCases.count)
        let grid = GridTable(signals: [.terminate], states: GridState.allCases, rows: [cells], style: style)
        #expect(grid.lines.allSatisfy { $0.count <= width })
        let points = [Int64(0), 100, 400].map {
            SweepPoint(.milliseconds($0), WatchedLife(), order: 1, Story(end: .killed).board)
        }
        let sweep = SweepTable(points: points, style: style).lines
        #expect(sweep.allSatisfy { $0.count <= width }, "\(sweep)")
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The grid` {
    @Test func `tells by the verdict what came of a signal`() {
        #expect(GridCell(Judge(Story(end: .killed).board).verdict) == GridCell("killed", .loss))
    }

    @Test func `tells only the exit where nothing was in flight`() {
        let events = Story().events.filter { !$0.name.hasPrefix("request.") }
        let verdict = Judge(Board(header: Story().header, events)).verdict
        #expect(verdict.word == .inconclusive)
        #expect(GridCell(verdict).text == "exit 0")
    }

    @Test func `has a row a signal and a column a state`() {
        let cells = [[GridCell("graceful", .good), .notReached]]
        let table = GridTable(
            signals: [.terminate], states: [.idle, .log], rows: cells,
            style: TableStyle(isColored: false, isASCII: true))
        #expect(table.lines[0] == "      idle      log        ")
        #expect(table.lines[1] == "TERM  graceful  not reached")
    }

    @Test func `names each state once`() {
        #expect(Set(GridState.allCases.map(\.name)).count == GridState.allCases.count)
    }

    @Test func `holds the server at a step of its own for each release`() {
        let steps = GridState.allCases.compactMap(\.heldStep)
        #expect(steps == [.awaitWorkers, .closeLedger, .flushLog])
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A sweep` {
    private func point(_ offset: Int64, _ fate: Fate?) -> SweepPoint {
        var life = WatchedLife()
        if let fate {
            life.begin(7, at: .seconds(4) - .milliseconds(offset))
            life.end(7, with: fate, at: .seconds(4) - .milliseconds(offset) + .milliseconds(300))
        }
        return SweepPoint(.milliseconds(offset), life, order: 1, Story().board)
    }

    private func lines(_ points: [SweepPoint], isASCII: Bool = true) -> [String] {
        SweepTable(points: points, style: TableStyle(isColored: false, isASCII: isASCII)).lines
    }

    @Test func `visits both ends and even steps between them`() {
        let instants = SignalSweep.Instants(from: .milliseconds(-50), to: .milliseconds(100), count: 4)
        #expect(instants.all == [-50, 0, 50, 100].map(Time.milliseconds))
    }

    @Test func `draws the life of the request and the signal in it`() {
        let row = lines([point(0, .answered), point(400, .answered)], isASCII: false)[1]
        #expect(row.contains("┃"))
        #expect(row.contains("─✓"))
        #expect(row.hasPrefix("+0 ms"))
    }

    @Test func `draws with ASCII only where that is asked for`() {
        #expect(
            lines([point(0, .answered), point(400, .resetUnanswered)]).allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test func `names the window in which the request is lost`() {
        #expect(
            lines([point(0, .answered), point(400, .answered)]).last == "Its request is lost at none of these instants."
        )
        #expect(
            lines([point(0, .answered), point(200, .resetUnanswered), point(400, .answered)]).last
                == "Its request is lost with the signal at +200 ms: at 1 of 3 instants.")
        #expect(
            lines([point(0, .resetUnanswered), point(400, .resetUnanswered)]).last
                == "Its request is lost with a signal from +0 ms to +400 ms: at 2 of 2 instants.")
    }

    @Test func `says so where the request never began`() {
        #expect(lines([point(0, nil), point(400, .answered)])[1].contains("never began"))
    }

    @Test func `watches the first attempt only`() {
        var life = WatchedLife()
        life.begin(7, at: .seconds(1))
        life.begin(8, at: .seconds(2))
        life.end(8, with: .answered, at: .seconds(3))
        #expect(life.id == 7)
        #expect(life.beganAt == .seconds(1))
        #expect(life.fate == nil)
    }

    @Test func `tells a charge of a later attempt from one of the first`() {
        var life = WatchedLife()
        life.begin(7, at: .seconds(1))
        life.end(7, with: .resetUnanswered, at: .seconds(2))
        life.charge(at: .seconds(3))
        #expect(life.isCharged)
        #expect(life.chargedAt == nil)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The bar of a long command` {
    @Test func `is full at the end`() {
        #expect(Progress.bar(0, of: 3) == "[....................]")
        #expect(Progress.bar(1, of: 3) == "[######..............]")
        #expect(Progress.bar(3, of: 3) == "[####################]")
        #expect(Progress.bar(0, of: 0) == "[....................]")
    }
}
