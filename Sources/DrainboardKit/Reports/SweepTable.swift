import ShutdownTrace

/// A sweep as lines: one an instant, with the life of the request drawn and the signal in it.
struct SweepTable {
    let points: [SweepPoint]
    let style: TableStyle

    private static let width = 36

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
        let heads = [
            "signal", "measured", "the life of its request".padded(right: Self.width), "it was", "its payment",
            "others lost", "verdict",
        ]
        let padded = TextTable([heads] + points.map(cells)).padded
        let painted = zip(padded.dropFirst(), points).map { row, point in
            row.enumerated().map { style.paint($1, Self.ink(of: $0, point)) }
        }
        let table = ([padded[0]] + painted).map { $0.joined(separator: "   ").withoutBlanksAtEnd }
        return table + ["", legend, window]
    }

    private static func ink(of column: Int, _ point: SweepPoint) -> TableStyle.Ink {
        switch column {
        case 2, 3: point.isLost ? .loss : .plain
        case 4: point.isPaymentBad ? .loss : .plain
        case 5: .faint
        default: .plain
        }
    }

    private func cells(_ point: SweepPoint) -> [String] {
        [
            Self.words(point.offset), point.signal.map(Self.words) ?? "never began", life(point),
            point.fate?.words ?? "never begun", point.payment, "\(point.otherLosses)", point.word,
        ]
    }

    private static func words(_ time: Time) -> String {
        "\(time.microseconds >= 0 ? "+" : "")\(time.microseconds / 1_000) ms"
    }

    /// The life of the request, on a scale from the first instant of the sweep to the last.
    private func life(_ point: SweepPoint) -> String {
        var cells = [Character](repeating: " ", count: Self.width)
        func draw(_ mark: Character, _ column: Int) { if cells.indices.contains(column) { cells[column] = mark } }
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

    private func column(_ time: Time) -> Int {
        let first = points.first?.offset ?? .zero
        let last = points.last?.offset ?? .zero
        let share = (time - first).seconds / max(0.001, (last - first).seconds)
        return Int((min(1, max(0, share)) * Double(Self.width - 2)).rounded(.down))
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
