internal import CTerminal
internal import Glibc

/// Why there is no screen to draw on; its description says what to do about it.
package enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Standard output leads to a file or a pipe.
    case outputIsNoTerminal
    /// Keys cannot be read from their source.
    case inputIsNoTerminal
    /// `TERM` is unset or empty.
    case typeUnset
    /// terminfo(5) does not know this value of `TERM`.
    case typeUnknown(String)
    /// This value of `TERM` stands for a terminal that cannot move its cursor.
    case typeTooSimple(String)
    /// The system refused.
    case cannotOpen(reason: String)

    package var description: String {
        let plain = "or use --plain, which needs no terminal"
        return switch self {
        case .outputIsNoTerminal: "standard output is not a terminal; run it in one, \(plain)"
        case .inputIsNoTerminal: "standard input is not a terminal, so there are no keys; run it in one, \(plain)"
        case .typeUnset: "TERM is not set; try TERM=xterm-256color, \(plain)"
        case .typeUnknown(let name): "TERM=\(Self.quoted(name)) is not known here; try TERM=xterm-256color, \(plain)"
        case .typeTooSimple(let name):
            "TERM=\(Self.quoted(name)) is a terminal that cannot move its cursor; try TERM=xterm-256color, \(plain)"
        case .cannotOpen(let reason): "the terminal cannot be opened (\(reason)); run it in another one, \(plain)"
        }
    }

    /// A name from outside, without any escape sequence.
    private static func quoted(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { (" "..."~").contains($0) ? $0 : "?" }))
    }

    init?(_ problem: ct_problem) {
        let name = getenv("TERM").map { String(cString: $0) } ?? ""
        switch problem {
        case CT_FINE: return nil
        case CT_NO_OUTPUT_TERMINAL: self = .outputIsNoTerminal
        case CT_NO_INPUT_TERMINAL: self = .inputIsNoTerminal
        case CT_TERM_UNKNOWN: self = name.isEmpty ? .typeUnset : .typeUnknown(name)
        case CT_TERM_CANNOT_ADDRESS: self = .typeTooSimple(name)
        default: self = .cannotOpen(reason: String(cString: strerror(errno)))
        }
    }
}

/// Where keys are read from.
package enum KeySource: Hashable, Sendable {
    case standardInput
    /// The terminal of the session, `/dev/tty` (tty(4)), where standard input carries data. A session without one, as
    /// `su -c` makes it, reads from the terminal that it draws on.
    case controllingTerminal

    func descriptor() throws(TerminalError) -> Int32 {
        guard self == .controllingTerminal else { return STDIN_FILENO }
        let own = Glibc.open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard own < 0 else { return own }
        let isReadable = fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE == O_RDWR
        let inherited = isReadable ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) : -1
        guard inherited >= 0 else { throw .inputIsNoTerminal }
        return inherited
    }
}
