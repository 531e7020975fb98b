import Glibc
import Screen
import ShutdownBoard
import ShutdownTrace

@testable import Screen

/// A moment of a run as one screen shows it, and the run whose end is known.
struct Picture {
    /// How the person looks at the run.
    enum Look: String, CaseIterable {
        /// The present of a run that goes on.
        case live
        /// The past of a run that goes on.
        case past
        /// A moment of a recording.
        case recording
    }

    /// What the person has opened.
    enum Pose: CaseIterable {
        case usual
        /// The page of the request that began last, or of the oldest one.
        case request
        /// One pane on the whole screen.
        case zoomed
        case explained
    }

    let run: Recorded
    /// Events that have happened.
    let event: Int
    let board: Board
    let now: Time
    let look: Look
    let size: Size
    let view: View
    private(set) var lines: [String] { didSet { bytes = Self.bytes(of: lines) } }
    /// All of it in UTF-8, with a newline behind each line and a zero at the end.
    private var bytes: [UInt8]

    init(
        _ run: Recorded, _ event: Int, _ board: Board, _ now: Time, _ look: Look, _ size: Size, _ pose: Pose = .usual
    ) {
        self.run = run
        self.event = event
        self.board = board
        self.now = now
        self.look = look
        self.size = size
        view = Self.view(run, event, board, now, look, pose)
        lines = Painter.frame(board: board, view: view, now: now, size: size).lines
        bytes = Self.bytes(of: lines)
    }

    private static func bytes(of lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [0x0A] } + [0] }

    /// The same moment with other lines on the screen, for a test of a claim.
    func saying(_ lines: [String]) -> Picture {
        var picture = self
        picture.lines = lines
        return picture
    }

    /// Whether these words stand in it: asked of every picture by most claims, so it is a search for bytes.
    func says(_ words: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            words.withUTF8Buffer { words in
                guard let text = UnsafeRawPointer(bytes.baseAddress), let wanted = UnsafeRawPointer(words.baseAddress)
                else {
                    return false
                }
                return strstr(text.assumingMemoryBound(to: CChar.self), wanted.assumingMemoryBound(to: CChar.self))
                    != nil
            }
        }
    }

    var situation: Situation { Situation(board: board, now: now, size: size, transport: view.transport) }

    private static func view(
        _ run: Recorded, _ event: Int, _ board: Board, _ now: Time, _ look: Look, _ pose: Pose
    ) -> View {
        var view = View(lessons: run.playing.map { [$0.lesson] } ?? [])
        view.playing = run.playing
        let isLive = look == .live
        // The last moment of a live run is the present, that of the past and of a recording is its end.
        let known = isLive ? board : run.last
        let server = Transport.Server(
            isAlive: !known.process.isGone && known.process.pid != nil, isGone: known.process.isGone,
            stopSignals: known.signals.sent.filter(\.asksToStop).map(\.signal), hasGate: run.playing != nil)
        view.transport = Transport(
            look == .recording ? .recording : .live(server), position: now, end: max(known.time, now),
            motion: isLive ? .pinned : .still, event: event, events: isLive ? event : run.events.count,
            isOver: look == .recording || isLive && board.process.isRunOver)
        switch pose {
        case .usual: break
        case .request:
            let oldest = board.requests.oldest(1).first?.id
            let id =
                event % 2 == 0 ? oldest ?? board.requests.recent.last?.id : board.requests.recent.last?.id ?? oldest
            view.overlay = id.map { .request(id: $0, scroll: 0) }
        case .zoomed:
            view.focus = [.lanes, .events, .release, .ledger, .traffic, .holding][event % 6]
            view.isZoomed = true
        case .explained: view.overlay = .explanation(scroll: 0)
        }
        return view
    }

    /// The whole numbers that stand before these words: 4 for " in flight" in "4 in flight".
    func numbers(before words: StaticString) -> [Int] {
        guard says(words) else { return [] }
        return lines.flatMap { line in
            line.ranges(of: words.description).compactMap { range in
                let digits = line[..<range.lowerBound].reversed().prefix { $0.isNumber || $0 == "," }
                return digits.isEmpty ? nil : Int(String(digits.reversed().filter(\.isNumber)))
            }
        }
    }

    /// The whole numbers that follow these words: 7 for "processes " in "processes 7".
    func numbers(after words: StaticString) -> [Int] {
        guard says(words) else { return [] }
        return lines.flatMap { line in
            line.ranges(of: words.description).compactMap { range in
                Int(line[range.upperBound...].prefix { $0.isNumber || $0 == "," }.filter(\.isNumber))
            }
        }
    }

    func line(with words: StaticString) -> String? {
        says(words) ? lines.first { $0.contains(words.description) } : nil
    }
}
