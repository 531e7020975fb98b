/// Why a run could not be made, as a sentence for a person: what happened, where, and what to do.
package enum RunError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A value of the plan that cannot be; the sentence is complete.
    case badPlan(String)
    case commandNotFound(String)
    /// The kernel would not start it.
    case cannotStart(command: String, cause: String)
    case portBusy(Int)
    /// It ended before it answered once.
    case diedAtStart(command: String, status: String, lines: [String])
    /// It runs, but nothing answers on its port.
    case neverServed(command: String, port: Int, seconds: Double, lines: [String])
    /// It takes connections on its port, and answers none.
    case neverAnswered(command: String, port: Int, seconds: Double, lines: [String])
    /// It runs, and listens on other ports.
    case listensElsewhere(command: String, port: Int, ports: [Int], seconds: Double)
    /// It started another process, and ended.
    case wentToBackground(command: String)
    /// The second instance could not take over.
    indirect case ofReplacement(RunError)
    /// There is no HAProxy on this machine.
    case haproxyMissing
    /// It ran, and is gone before the run was over.
    case haproxyEnded(status: String, lines: [String])
    case cannotRecord(file: String, cause: String)
    case cannotMakeDirectory(path: String, cause: String)
    case cannotNote(file: String, cause: String)

    package var description: String {
        switch self {
        case .badPlan(let sentence): sentence
        case .commandNotFound(let command):
            "Cannot find the command \"\(command)\". Give its path, or check that it is installed and in PATH."
        case .cannotStart(let command, let cause): "Cannot start \"\(command)\": \(cause)."
        case .portBusy(let port):
            "Port \(port) is already in use by another process. Choose another with --port or {port} in the URL, or stop "
                + "that process (ss -ltnp shows it)."
        case .diedAtStart(let command, let status, let lines):
            "The server ended before it answered once: \(status). Command: \(command)." + Self.words(lines)
        case .neverServed(let command, let port, let seconds, let lines):
            "The server did not answer on port \(port) within \(Self.short(seconds)) s. Command: \(command). "
                + "Check that it listens on 127.0.0.1:\(port)." + Self.words(lines)
        case .neverAnswered(let command, let port, let seconds, let lines):
            "The server takes connections on port \(port), but answered none of them within \(Self.short(seconds)) s. "
                + "Command: \(command). Check that it speaks HTTP/1 there, or give it longer with --start."
                + Self.words(lines)
        case .listensElsewhere(let command, let port, let ports, let seconds):
            "The server did not answer on port \(port) within \(Self.short(seconds)) s; it listens on "
                + (ports == [port]
                    ? "that port, but at another address than the one that is asked."
                    : "port \(ports.map(String.init).joined(separator: ", ")) instead. It finds the right one in the "
                        + "variable PORT, and where its command says {port}.") + " Command: \(command)."
        case .wentToBackground(let command):
            "The command ended with 0 and left its server running in the background, where no signal to it would arrive. "
                + "That server was ended. Start it in the foreground (nginx: daemon off; Apache: -DFOREGROUND). "
                + "Command: \(command)."
        case .ofReplacement(let error): "The second instance could not take over. \(error.description)"
        case .haproxyMissing:
            "HAProxy is not installed: there is no haproxy in PATH or /usr/sbin. Install it (Debian and Ubuntu: "
                + "sudo apt-get install haproxy), or use the built-in proxy."
        case .haproxyEnded(let status, let lines): "HAProxy ended while it was needed: \(status)." + Self.words(lines)
        case .cannotRecord(let file, let cause):
            "Cannot write the recording \(file): \(cause). Choose another file with --record."
        case .cannotMakeDirectory(let path, let cause):
            "Cannot make the working directory \(path): \(cause). Set TMPDIR to a folder that can be written."
        case .cannotNote(let file, let cause): "Cannot write \(file): \(cause)."
        }
    }

    private static func words(_ lines: [String]) -> String {
        lines.isEmpty ? " It printed nothing." : " It printed last:\n" + lines.map { "  " + $0 }.joined(separator: "\n")
    }

    private static func short(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
