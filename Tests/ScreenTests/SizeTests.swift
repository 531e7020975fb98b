import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

/// Every size from nothing to 200 by 60, in steps that grow with the size.
@Suite(.timeLimit(.minutes(20))) struct `A screen of any size` {
    static let columns = Array(0...24) + Array(stride(from: 26, through: 200, by: 6)) + [47, 48, 71, 72, 99, 100, 400]
    static let rows = Array(0...10) + [14, 15, 16, 24, 29, 30, 47, 60, 120]

    static let moments: Set = [
        "starting", "draining", "killed", "help", "sliders", "deploy", "outside-draining", "charged-twice-payments",
        "catalogue-search",
    ]

    @Test(arguments: Moment.all.filter { Self.moments.contains($0.name) })
    func `holds the phase, in printable cells that fit`(moment: Moment) {
        let view = moment.view
        let word = moment.board.phase.word
        for columns in Effort.some(of: Self.columns) {
            for rows in Self.rows {
                let size = Size(columns: columns, rows: rows)
                let frame = Painter.frame(
                    board: moment.board, view: view, now: moment.now, size: size,
                    capabilities: Capabilities(isUTF8: (columns + rows) % 2 == 0))
                #expect(frame.cells.count == columns * rows)
                if let problem = problem(in: frame) { Issue.record("\(problem) at \(columns)x\(rows)") }
                guard columns >= 12, rows >= 2, view.overlay == nil else { continue }
                if !frame.lines.contains(where: { $0.contains(word) }) {
                    Issue.record("no \(word) at \(columns)x\(rows)")
                }
            }
        }
    }

    @Test func `says what it waits for wherever there is room for a server`() {
        let moment = Moment.draining
        for columns in Effort.some(of: Self.columns) where columns >= 20 {
            for rows in Self.rows where rows >= 4 {
                let line = moment.frame(Size(columns: columns, rows: rows)).lines[1]
                #expect(line.contains("4 requests") || line.contains("4 in flight"), "\(columns)x\(rows): \(line)")
            }
        }
    }

    @Test func `never drops a part while it keeps one that matters less`() {
        for columns in Self.columns where columns >= 20 {
            for rows in 4...60 {
                let layout = DashboardLayout(Size(columns: columns, rows: rows))
                let parts = DashboardLayout.Part.allCases.filter { layout.has($0) }
                let order = DashboardLayout.Part.allCases.filter { layout.kind.shows($0) }
                #expect(parts == Array(order.prefix(parts.count)), "\(columns)x\(rows)")
            }
        }
    }

    @Test func `loses no part when it grows`() {
        for columns in Self.columns where columns >= 20 {
            for rows in 4...60 {
                let parts = parts(columns, rows)
                #expect(parts.isSubset(of: self.parts(columns + 1, rows)), "\(columns)x\(rows), wider")
                #expect(parts.isSubset(of: self.parts(columns, rows + 1)), "\(columns)x\(rows), higher")
            }
        }
    }

    @Test(arguments: Effort.some(of: 0..<16))
    func `gives each part its own rectangle inside`(content: UInt8) {
        for columns in Self.columns where columns >= 20 {
            for rows in 4...60 {
                let layout = DashboardLayout(
                    Size(columns: columns, rows: rows), DashboardLayout.Content(rawValue: content))
                var used = Array(repeating: false, count: columns * rows)
                for part in DashboardLayout.Part.allCases {
                    guard let rect = layout[part] else { continue }
                    let isInside = rect.row >= 0 && rect.bottom <= rows && rect.column >= 0 && rect.right <= columns
                    guard isInside else {
                        Issue.record("\(part) leaves \(columns)x\(rows)")
                        continue
                    }
                    for row in rect.row..<rect.bottom {
                        for column in [rect.column, rect.right - 1] {
                            if used[row * columns + column] {
                                Issue.record("\(part) covers another at \(columns)x\(rows)")
                            }
                            used[row * columns + column] = true
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [(80, 24), (60, 20), (40, 10), (20, 4)])
    func `says that the server is held, and before what`(columns: Int, rows: Int) throws {
        let held = try #require(Moment.all.first { $0.name == "held" })
        let lines = held.frame(Size(columns: columns, rows: rows)).lines
        #expect(lines[0].contains("HELD"))
        #expect(lines[0...1].joined().contains(columns < 40 ? "the gate: held" : "before the"))
    }

    private func parts(_ columns: Int, _ rows: Int) -> Set<DashboardLayout.Part> {
        let layout = DashboardLayout(Size(columns: columns, rows: rows))
        return Set(DashboardLayout.Part.allCases.filter { layout.has($0) })
    }

    /// A cell that no terminal should get, if there is one.
    private func problem(in frame: Frame) -> String? {
        let columns = frame.size.columns
        for (index, cell) in frame.cells.enumerated() {
            if (0x20...0x7E).contains(cell.scalar.value) { continue }
            if cell.scalar.value == 0 {
                let isSecond = index % columns > 0 && CellWidth.isWide(frame.cells[index - 1].scalar)
                if !isSecond { return "half a character" }
            } else if Safe(cell.scalar)?.scalar != cell.scalar {
                return "\(cell.scalar.value)"
            } else if CellWidth.isWide(cell.scalar) {
                let isWhole = index % columns < columns - 1 && frame.cells[index + 1].scalar.value == 0
                if !isWhole { return "half a character" }
            }
        }
        return nil
    }
}

extension DashboardLayout {
    /// Words carry the countdown in their first line.
    func has(_ part: Part) -> Bool {
        self[part] != nil || kind == .words && part == .countdown && self[.heading] != nil
    }
}

extension DashboardLayout.Class {
    /// The parts that this class of screens can show at all.
    func shows(_ part: DashboardLayout.Part) -> Bool {
        switch (self, part) {
        case (.full, _): true
        case (.compact, .holding), (.narrow, .holding), (.words, .holding), (.words, .track): false
        default: true
        }
    }
}
