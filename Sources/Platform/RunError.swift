/// Why a run could not be made, as a sentence for a person: what happened, where, and what to do.
package enum RunError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A value of the plan that cannot be; the sentence is complete.
    case badPlan(String)
    case commandNotFound(String)
    /// This process may not open as many files as the run needs.
    case tooFewFiles(limit: Int, needed: Int)
    /// A client could not be made, because of this process or machine and not because of the server.
    case shortage(String)
    /// The kernel would not start it.
    case cannotStart(command: String, cause: String)
    case portBusy(Int)
    /// Another process listens where the server would be asked, and nothing of the server does.
    case portTaken(Int, by: Occupant, command: String)
    /// It ended before it answered once.
    case diedAtStart(command: String, status: String, lines: [String])
    /// It runs, but nothing answers on its port.
    case neverServed(command: String, port: Int, seconds: Double, lines: [String])
    /// It takes connections on its port, and answers none.
    case neverAnswered(command: String, port: Int, seconds: Double, lines: [String])
    /// It answers that it is still starting.
    case neverReady(command: String, asked: String, _ answers: String, seconds: Double)
    /// Its readiness check cannot pass.
    case probeHopeless(path: String, _ answers: String, seconds: Double)
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
        case .tooFewFiles(let limit, let needed):
            "This run needs about \(needed) open files at once, and drainboard may have \(limit) (ulimit -Hn). Raise the "
                + "limit to \(needed) or more, or send fewer clients (--mix, --rate)."
        case .shortage(let cause):
            "Drainboard could not make a client: \(cause.lowercased()). That says nothing about the server, so there is no "
                + "verdict. Raise the limit (ulimit -n), or send fewer clients (--mix, --rate)."
        case .commandNotFound(let command):
            "Cannot find the command \"\(command)\". Give its path, or check that it is installed and in PATH."
        case .cannotStart(let command, let cause): "Cannot start \"\(command)\": \(cause)."
        case .portBusy(let port):
            "Port \(port) is already in use by another process. Choose another with --port or {port} in the URL, or stop "
                + "that process (ss -ltnp shows it)."
        case .portTaken(let port, let occupant, let command):
            "Port \(port) is not this server's: \(occupant.words) listens on it, and no process of this server does. A "
                + "verdict would be about that process, so there is none. Stop that process (\(occupant.remedy)), or "
                + "give this server another port with --port, or with {port} in the URL and the command. "
                + "Command: \(command)."
        case .diedAtStart(let command, let status, let lines):
            "The server ended before it answered once: \(status). Command: \(command)." + Self.words(lines)
        case .neverServed(let command, let port, let seconds, let lines):
            "The server did not answer on port \(port) within \(Self.short(seconds)) s. Command: \(command). "
                + "Check that it listens on 127.0.0.1:\(port)." + Self.words(lines)
        case .neverAnswered(let command, let port, let seconds, let lines):
            "The server takes connections on port \(port), but answered none of them within \(Self.short(seconds)) s. "
                + "Command: \(command). Check that it speaks HTTP/1 there, or give it longer with --start."
                + Self.words(lines)
        case .neverReady(let command, let asked, let answers, let seconds):
            "The server was not ready within \(Self.short(seconds)) s: \(asked) \(answers). Give it longer with --start, or "
                + "give a URL that works. Command: \(command)."
        case .probeHopeless(let path, let answers, let seconds):
            "The readiness check did not pass within \(Self.short(seconds)) s of the first answer: GET \(path) \(answers). "
                + "Give with --ready a path that answers 2xx while the server takes work, or check without --ready."
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

/// A process that listens on a port which a run needs for its own server.
package enum Occupant: Hashable, Sendable {
    case process(pid: Int, command: String)
    /// Its descriptors cannot be read from here; the user that its socket belongs to can.
    case hidden(user: Int)

    var words: String {
        switch self {
        case .process(let pid, let command): "\(command) (process \(pid))"
        case .hidden(let user): "a process of user \(user), which is hidden from this one,"
        }
    }

    var remedy: String {
        switch self {
        case .process(let pid, _): "kill \(pid)"
        case .hidden: "as root, ss -ltnp shows it"
        }
    }
}
