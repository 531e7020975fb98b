import ShutdownTrace

/// A sweep as lines: one an instant, with the life of the request drawn and the signal in it.
struct SweepTable {
    let points: [SweepPoint]
    let style: TableStyle

    /// Of the drawing, where there is room, and where there is not.
    private static let width = 36, narrowest = 16

    /// The marks of a life, in UTF-8 and in ASCII.
    private struct Marks {
        let running, charged, signal, whole, lost, away: Character

        static let drawn = Marks(running: "─", charged: "═", signal: "┃", whole: "✓", lost: "✗", away: "◌")
        static let typed = Marks(running: "-", charged: "=", signal: "|", whole: "v", lost: "x", away: "o")

        func end(_ fate: Fate?) -> Character {
            fate?.isLoss == true ? lost : fate?.isSafeToRetry == true ? away : whole
        }
    }

    private var marks: Marks { style.isASCII ? .typed : .drawn }

    var lines: [String] {
        // The drawing gives way before a row needs two lines, so far as it can still be read.
        let tables = stride(from: Self.width, through: Self.narrowest, by: -1).lazy.map { self.table(drawnIn: $0) }
        let table = tables.first(where: fits) ?? self.table(drawnIn: Self.narrowest)
        let inks = [nil] + points.map(Optional.some)
        let painted = zip(table.rows, inks).flatMap { row, point in
            row.map { cells in
                table.joined(
                    cells.enumerated().map { column, cell in
                        style.paint(cell, point.map { Self.ink(of: column, $0) } ?? .plain)
                    })
            }
        }
        return painted + [""] + style.lines(legend) + style.lines(window)
    }

    private func fits(_ table: TextTable) -> Bool {
        table.rows.dropFirst().allSatisfy { $0.count == 1 }
            && table.lines.allSatisfy { $0.count <= style.width ?? .max }
    }

    private func table(drawnIn drawing: Int) -> TextTable {
        let title = "the life of its request"
        let heads = [
            "signal", "measured", (title.count <= drawing ? title : "its life").padded(right: drawing), "it was",
            "its payment",
            "others lost", "verdict",
        ]
        return TextTable([heads] + points.map { cells($0, drawing) }, width: style.width, fixed: 2)
    }

    private static func ink(of column: Int, _ point: SweepPoint) -> TableStyle.Ink {
        switch column {
        case 2, 3: point.isLost ? .loss : .plain
        case 4: point.isPaymentBad ? .loss : .plain
        case 5: .faint
        default: .plain
        }
    }

    private func cells(_ point: SweepPoint, _ width: Int) -> [String] {
        [
            Self.words(point.offset), point.signal.map(Self.words) ?? "never began", life(point, width),
            point.fate?.words ?? "never begun", point.payment, "\(point.otherLosses)", point.word,
        ]
    }

    static func words(_ time: Time) -> String {
        "\(time.microseconds >= 0 ? "+" : "")\(time.microseconds / 1_000) ms"
    }

    /// The life of the request, on a scale from the first instant of the sweep to the last.
    private func life(_ point: SweepPoint, _ width: Int) -> String {
        var cells = [Character](repeating: " ", count: width)
        func draw(_ mark: Character, _ column: Int) { if cells.indices.contains(column) { cells[column] = mark } }
        func column(_ time: Time) -> Int { self.column(time, width) }
        let signal = column(point.signal ?? point.offset)
        if let end = point.endedAt.map(column) {
            for place in stride(from: column(.zero), to: end, by: 1) {
                draw(point.chargedAt.map { place >= column($0) } == true ? marks.charged : marks.running, place)
            }
            // The mark of the end stands beside that of the signal, where both fall on one column.
            draw(marks.end(point.fate), end == signal ? end + (point.isLost ? 1 : -1) : end)
        }
        draw(marks.signal, signal)
        return String(cells)
    }

    private func column(_ time: Time, _ width: Int) -> Int {
        let first = points.first?.offset ?? .zero
        let last = points.last?.offset ?? .zero
        let share = (time - first).seconds / max(0.001, (last - first).seconds)
        return Int((min(1, max(0, share)) * Double(width - 2)).rounded(.down))
    }

    private var legend: String {
        "\(marks.running) at work, \(marks.charged) charged and not answered, \(marks.signal) the signal, "
            + "\(marks.whole) answered, \(marks.lost) lost, \(marks.away) turned away unharmed"
    }

    /// The instants between which the request is lost.
    private var window: String {
        let lost = points.filter(\.isLost)
        guard let first = lost.first, let last = lost.last else {
            return "Its request is lost at none of these instants."
        }
        let begin = Self.words(first.signal ?? first.offset)
        let end = Self.words(last.signal ?? last.offset)
        let span = lost.count == 1 ? "with the signal at \(begin)" : "with a signal from \(begin) to \(end)"
        return "Its request is lost \(span): at \(lost.count) of \(points.count) instants."
    }
}
