import Glibc
import Screen
import ShutdownBoard
import ShutdownTrace
import Terminal

/// Measures one frame of the dashboard on the terminal on standard output: fold a batch, lay out, paint, send.
///
/// Usage: `frame-cost REQUESTS FRAMES RESULT [CELLS]`. RESULT gets one line a frame: the microseconds of the fold, of the
/// layout and of the painting, and the bytes sent. CELLS gets the frames themselves, for a peer to paint.
@main
enum FrameCost {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let requests = Int(arguments[1]), let frames = Int(arguments[2]) else {
            print("usage: frame-cost REQUESTS FRAMES RESULT [CELLS]")
            exit(2)
        }
        Terminal.prepareProcess()
        let terminal = try Terminal.open()
        var course = Course(requests, on: terminal)
        var lines: [String] = []
        for _ in 0..<frames { lines.append(course.step()) }
        terminal.close()
        write(Array(lines.joined(separator: "\n").utf8), to: arguments[3])
        if arguments.count > 4 { write(course.cells, to: arguments[4]) }
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w") else { return perror(path) }
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
    }
}

/// One frame after another, as the dashboard makes them.
struct Course {
    private var crowd: Crowd
    private let view = View()
    private let terminal: Terminal
    /// Microseconds between two frames, for the terminal to read the last one.
    private static let rest: UInt32 = 4_000
    /// Columns and rows, then six bytes a cell: the scalar (little endian, 4), the ink and the emphasis.
    private(set) var cells: [UInt8]

    init(_ requests: Int, on terminal: Terminal) {
        crowd = Crowd(inFlight: requests)
        self.terminal = terminal
        cells = [terminal.size.columns, terminal.size.rows].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    mutating func step() -> String {
        let events = crowd.batch()
        let start = microseconds()
        crowd.take(events)
        let folded = microseconds()
        let frame = Painter.frame(
            board: crowd.board, view: view, now: crowd.now, size: terminal.size, capabilities: terminal.capabilities)
        let drawn = microseconds()
        let bytes = terminal.present(frame)
        let shown = microseconds()
        if cells.count < 60 * 6 * frame.cells.count { keep(frame) }
        usleep(Self.rest)
        return "\(folded - start) \(drawn - folded) \(shown - drawn) \(bytes)"
    }

    private mutating func keep(_ frame: Frame) {
        for cell in frame.cells {
            for shift in stride(from: 0, to: 32, by: 8) { cells.append(UInt8(cell.scalar.value >> shift & 255)) }
            cells.append(cell.style.ink.rawValue)
            cells.append(cell.style.emphasis.rawValue)
        }
    }

    private func microseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
