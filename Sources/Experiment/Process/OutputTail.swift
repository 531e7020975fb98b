import ShutdownTrace
import Synchronization

/// The last lines of a server's output, and the number of log lines that it reported.
final class OutputTail: Sendable {
    private struct State {
        var out = PrintedLines()
        var err = PrintedLines()
        var logLines: Int?
    }

    private let state = Mutex(State())

    private static let kept = 8

    /// The last lines on standard error, or on standard output when there are none; lines that tell of trouble first.
    var lastLines: [String] { state.withLock { ($0.err.last.isEmpty ? $0.out : $0.err).shown(Self.kept) } }

    /// Lines that the server reported as handed to its log; nil when it reported none.
    var logLines: Int? { state.withLock { $0.logLines } }

    func add(_ line: String, on stream: StandardStream) {
        let lines = stream == .error ? \State.err : \.out
        state.withLock { $0[keyPath: lines].add(line) }
    }

    func take(_ event: Event) {
        let lines: Int? =
            switch try? event.payload {
            case .log(.written(let lines)), .log(.flushed(let lines, _)): lines
            default: nil
            }
        guard let lines else { return }
        state.withLock { $0.logLines = max($0.logLines ?? 0, lines) }
    }
}
