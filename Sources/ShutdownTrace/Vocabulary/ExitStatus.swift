/// How a process left, as waitid(2) tells it.
///
/// `exited 143` and `killed by signal 15` are different facts; a shell shows both as 143.
public enum ExitStatus: Hashable, Sendable {
    /// It called exit with this code, 0...255.
    case exited(code: Int)
    /// A signal ended it; `coreDumped` is nil where nobody told whether it left a core, as in most logs.
    case signaled(Signal, coreDumped: Bool?)

    /// "exited 0", "exited 143", "killed by signal 9 (SIGKILL)".
    public var words: String {
        switch self {
        case .exited(let code): "exited \(code)"
        case .signaled(let signal, let core):
            "killed by signal \(signal.rawValue) (\(signal.name))" + (core == true ? ", core dumped" : "")
        }
    }
}
