internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// The phases of a shutdown that is known from a log, which tells of no requests.
extension Chart {
    /// Rows at most.
    private static let mostPhases = 24

    private struct PhaseRow {
        var name: String
        var start: Time
        var end: Time
    }

    /// The phases since the shutdown began; the last one ends where the log does.
    private var phases: [PhaseRow] {
        let begin = board.shutdown.beganAt ?? clock.signal?.at
        let marks = summary.landmarks.filter { mark in
            if case .signal = mark.kind { false } else { begin.map { mark.time >= $0 } ?? false }
        }
        return marks.indices.compactMap { index in
            let isLast = index + 1 == marks.count
            let end = isLast ? board.time : marks[index + 1].time
            // A phase between two events of one line has no length, and is not shown.
            guard marks[index].kind != .phase(.gone), isLast || end > marks[index].time else { return nil }
            return PhaseRow(name: marks[index].name, start: marks[index].time, end: end)
        }
    }

    func drawPhases(_ drawing: inout Drawing, _ start: Double) -> Double {
        var y = start
        heading(&drawing, "as the log tells it", y - 14)
        let phases = phases
        for phase in phases.prefix(Self.mostPhases) {
            drawing.text(phase.name.lowercased(), x: Self.margin, y: y + 11, columns: 23)
            drawing.bar(from: x(phase.start), to: x(phase.end), y: y, .outlined, .normal)
            drawing.text((phase.end - phase.start).words, x: Self.words, y: y + 11, columns: 15)
            drawing.text(
                clock.text(phase.start), x: Self.width - Self.margin, y: y + 11, .faint, anchor: .end, columns: 10)
            y += Self.row
        }
        let more = phases.count - Self.mostPhases
        let rest = more > 0 ? "and \(more) more" : "in flight: not told"
        drawing.text(rest, x: Self.margin, y: y + 11, .faint)
        return y + Self.row + 8
    }
}
