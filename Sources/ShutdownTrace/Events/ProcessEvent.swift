/// What happens to the server's process, and what it prints.
public enum ProcessEvent: Hashable, Sendable {
    case spawned(pid: Int?, command: String?)
    /// It answered for the first time, `took` after the start.
    ///
    /// `product` is what it says in `Server` or `X-Powered-By` that it is made with.
    case serving(port: Int?, took: Time?, product: String? = nil)
    /// Frozen by this signal, state T of proc_pid_stat(5); nil where the trace does not say which.
    case stopped(by: Signal? = nil)
    case continued
    case exited(ExitStatus)
    /// A process of the run that outlived the server's own.
    case leftBehind(pid: Int?, command: String?, listens: Bool? = nil)
    /// One line that the server printed.
    case printed(StandardStream?, text: String)
}

extension ProcessEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        switch kind {
        case .processSpawned: self = .spawned(pid: fields.int(.pid), command: fields.string(.command))
        case .processServing:
            self = .serving(
                port: fields.int(.port), took: fields.time(.took), product: fields.string(.product))
        case .processStopped: self = .stopped(by: fields.signal(.signal))
        case .processContinued: self = .continued
        case .processExited: self = .exited(try fields.need(.how, ExitStatus(fields)))
        case .processLeftBehind:
            self = .leftBehind(
                pid: fields.int(.pid), command: fields.string(.command), listens: fields.bool(.listens))
        case .outputPrinted: self = .printed(fields.word(.stream), text: fields.string(.text) ?? "")
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .spawned(let pid, let command):
            WireEvent(.processSpawned, [.pid: .number(pid), .command: .text(command)])
        case .serving(let port, let took, let product):
            WireEvent(
                .processServing, [.port: .number(port), .took: .span(took), .product: .text(product)])
        case .stopped(let signal): WireEvent(.processStopped, [.signal: .number(signal.map { Int($0.rawValue) })])
        case .continued: WireEvent(.processContinued)
        case .exited(let status): WireEvent(.processExited, status.fields)
        case .leftBehind(let pid, let command, let listens):
            WireEvent(
                .processLeftBehind, [.pid: .number(pid), .command: .text(command), .listens: .flag(listens)])
        case .printed(let stream, let text):
            WireEvent(.outputPrinted, [.stream: .word(stream), .text: .string(text)])
        }
    }
}

extension ExitStatus {
    /// The fields of `process.exited`: `how` with `code`, or with `signal` and `core`.
    var fields: Fields {
        switch self {
        case .exited(let code): [.how: "exited", .code: .number(code)]
        case .signaled(let signal, let core):
            WireEvent(.unknown, [.how: "signaled", .signal: .number(signal.rawValue), .core: .flag(core)]).fields
        }
    }

    /// Reads what ``fields`` wrote; nil for anything else.
    init?(_ fields: Fields) {
        switch fields.string(.how) {
        case "exited":
            guard let code = fields.int(.code), (0...255).contains(code) else { return nil }
            self = .exited(code: code)
        case "signaled":
            guard let signal = fields.signal(.signal) else { return nil }
            self = .signaled(signal, coreDumped: fields.bool(.core))
        default: return nil
        }
    }
}
