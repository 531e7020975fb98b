import ShutdownTrace
import Synchronization

/// What is remembered of the server's output until the run is over.
final class ServerWord: Sendable {
    private struct State {
        var out: [String] = []
        var err: [String] = []
        var logLines: Int?
    }

    private let state = Mutex(State())

    /// The last few lines that it printed, on standard error if there are any.
    var lastLines: [String] { state.withLock { $0.err.isEmpty ? $0.out : $0.err } }

    /// Lines that it reported as handed to its log; nil when it never spoke of them.
    var logLines: Int? { state.withLock { $0.logLines } }

    func add(_ line: String, isError: Bool) {
        state.withLock { state in
            if isError {
                state.err = (state.err + [line]).suffix(6)
            } else {
                state.out = (state.out + [line]).suffix(6)
            }
        }
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
