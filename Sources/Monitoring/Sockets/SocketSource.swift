import Glibc
import Platform
import ShutdownTrace

/// The sockets of one server, on the port that it was offered or on ports of its own choice.
struct SocketSource {
    private let port: Int
    /// Whether the server may choose its ports, which are searched for then.
    private let isSeeking: Bool
    private let reporter: Reporter
    /// Nil where the kernel does not show its sockets.
    private var diag: SocketDiag?
    /// Why sockets cannot be seen, until it is reported.
    private var failure: SocketDiag.Failure?
    /// The listening sockets of the machine at the last search for the server's.
    private var searched: [Int: Int]?

    init(port: Int, isSeeking: Bool, _ reporter: Reporter) {
        self.port = port
        self.isSeeking = isSeeking
        self.reporter = reporter
        do { diag = try SocketDiag(port: port) } catch { failure = error }
    }

    /// Nil where the kernel does not show its sockets: then nothing is known, which is not the same as no sockets.
    mutating func look(isWide: Bool) -> Sockets? {
        if let failure {
            self.failure = nil
            reporter.fault(
                "The kernel does not show its sockets here (\(String(cString: strerror(failure.errno)))). "
                    + "The run goes on without them.")
        }
        do {
            return try diag?.look(connections: isWide)
        } catch {
            // A dump that broke off leaves pieces behind, which a later look would take for its answer.
            diag = nil
            failure = error
            return nil
        }
    }

    /// Finds the ports on which these processes listen, if the server may choose them.
    ///
    /// Finding what listens on the machine takes 20 µs; the owners are searched only when some of that is new.
    mutating func seek(among pids: [Int]) {
        guard isSeeking, let diag, let all = try? diag.listeners(), all != searched else { return }
        searched = all
        let ports = ListeningPorts.held(by: pids, of: all)
        // Ports that the server has left are still looked at: connections stay when a listener goes.
        diag.ports = (ports + diag.ports.filter { $0 != port && !ports.contains($0) }).prefix(8).map { $0 }
        if diag.ports.isEmpty { diag.ports = [port] }
    }

    /// Searches for owners again at the next look, because there are new processes.
    mutating func forgetOwners() { searched = nil }

    /// The port that is reported when there are several.
    func mainPort(of ports: Set<Int>) -> Int { ports.contains(port) ? port : ports.min() ?? port }
}
