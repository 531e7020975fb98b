import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace

/// The life of the one request that a sweep watches, on the clock of its run.
struct WatchedLife: Sendable {
    var id: Int?
    var beganAt: Time?
    var chargedAt: Time?
    var endedAt: Time?
    var fate: Fate?
    /// Whether its order was ever charged, by this attempt or a later one.
    var isCharged = false
}

/// What one instant of a sweep cost: the one request that is watched, and all others.
struct SweepPoint: Sendable {
    /// Since the request began, as it was asked for.
    let offset: Time
    /// Since the request began, as it was; nil when it never began.
    let signal: Time?
    /// What follows counts from the begin of the request too.
    let chargedAt: Time?
    let endedAt: Time?
    let fate: Fate?
    /// What the ledger holds for its order in the end.
    let payment: String
    let isPaymentBad: Bool
    let otherLosses: Int
    let word: String

    init(_ offset: Time, _ life: WatchedLife, order: Int, _ board: Board) {
        self.offset = offset
        let began = life.beganAt
        signal = began.flatMap { began in board.stopSignal.map { $0.at - began } }
        chargedAt = began.flatMap { began in life.chargedAt.map { $0 - began } }
        endedAt = began.flatMap { began in life.endedAt.map { $0 - began } }
        fate = life.fate
        let finding = board.ledger.findings.first { $0.order == order }
        let rows = finding.map { "\($0.rows) row\($0.rows == 1 ? "" : "s"): \($0.cell?.words ?? "")" }
        payment = rows ?? (life.isCharged ? "charged once" : "not charged")
        isPaymentBad = finding != nil
        otherLosses = board.requests.lost.count { $0.id != life.id }
        word = Judge(board).verdict.word.rawValue
    }

    var isLost: Bool { fate?.isLoss == true }
}

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
        let heads =
            ["signal", "measured", "the life of its request".padded(right: Self.width), "it was"]
            + ["its payment", "others lost", "verdict"]
        let rows = points.map(cells)
        let widths = heads.indices.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String], _ ink: (Int) -> TableStyle.Ink) -> String {
            cells.indices.map { column in
                let isLast = column == cells.count - 1
                return style.paint(isLast ? cells[column] : cells[column].padded(right: widths[column]), ink(column))
            }.joined(separator: "   ")
        }
        return [line(heads) { _ in .plain }]
            + zip(rows, points).map { row, point in
                line(row) { column in
                    switch column {
                    case 2, 3: point.isLost ? .loss : .plain
                    case 4: point.isPaymentBad ? .loss : .plain
                    case 5: .faint
                    default: .plain
                    }
                }
            } + ["", legend, window]
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

    /// From the first instant of the sweep to the last.
    private func life(_ point: SweepPoint) -> String {
        var cells = [Character](repeating: " ", count: Self.width)
        func draw(_ mark: Character, _ column: Int) { if cells.indices.contains(column) { cells[column] = mark } }
        if let end = point.endedAt {
            for place in stride(from: column(.zero), to: column(end), by: 1) {
                draw(point.chargedAt.map { place >= column($0) } == true ? marks.charged : marks.running, place)
            }
        }
        let signal = column(point.signal ?? point.offset)
        if let end = point.endedAt {
            let place = column(end)
            draw(marks.end(point.fate), place == signal ? place + (point.isLost ? 1 : -1) : place)
        }
        draw(marks.signal, signal)
        return String(cells)
    }

    private func column(_ time: Time) -> Int {
        let (first, last) = (points.first?.offset ?? .zero, points.last?.offset ?? .zero)
        let share = (time - first).seconds / max(0.001, (last - first).seconds)
        return Int((min(1, max(0, share)) * Double(Self.width - 2)).rounded(.down))
    }

    private var legend: String {
        "\(marks.running) at work, \(marks.charged) charged and not answered, \(marks.signal) the signal, "
            + "\(marks.whole) answered, \(marks.lost) lost, \(marks.away) turned away unharmed"
    }

    /// Between which instants the request is lost.
    private var window: String {
        let lost = points.filter(\.isLost)
        guard let first = lost.first, let last = lost.last else {
            return "Its request is lost at none of these instants."
        }
        let span =
            lost.count == 1
            ? "with the signal at \(Self.words(first.signal ?? first.offset))"
            : "with a signal from \(Self.words(first.signal ?? first.offset)) to "
                + Self.words(last.signal ?? last.offset)
        return "Its request is lost \(span): at \(lost.count) of \(points.count) instants."
    }
}
