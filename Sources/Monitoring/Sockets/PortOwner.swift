import Glibc
import Platform
import ShutdownTrace

/// Whose sockets listen where a server would be asked: its own, or those of somebody else.
///
/// A stranger is only named where one is seen: a listener on that address and port, and none of the server's there. A
/// server in another network namespace shows no listener at all, and another user's processes hide their descriptors.
enum PortOwner {
    /// Programs that listen for a server in a container, which no process of the container can do outside it.
    private static let forwarders: Set<String> = [
        "docker-proxy", "rootlessport", "rootlesskit", "slirp4netns", "pasta", "conmon", "gvproxy",
    ]

    /// Who listens on the port at one of these addresses while none of the members does; nil where that is not so, or
    /// nobody can know.
    static func stranger(on port: Int, at addresses: [String], beside members: () -> ProcessTree) -> Occupant? {
        guard let diag = try? SocketDiag(port: port),
            let listeners = try? diag.listeners(at: addresses, port: port), !listeners.isEmpty
        else { return nil }
        // The members are looked up after the sockets: a process that is made meanwhile is found.
        guard members().holds(listeners.map(\.inode)) == false else { return nil }
        let names = Set(listeners.map { "socket:[\($0.inode)]" })
        let me = Int(getpid())
        for pid in ProcFS.numbers(in: "/proc", atMost: 65_536) where pid != me {
            guard ProcFS.descriptors(of: pid, haveOneOf: names) == true else { continue }
            guard !forwarders.contains(ProcFS.name(of: pid)) else { return nil }
            return .process(pid: pid, command: ProcFS.command(of: pid))
        }
        // Services of the system listen for others: a container's engine, socket activation.
        guard let user = listeners.map(\.user).first(where: { $0 != 0 }), user != Int(getuid()) else { return nil }
        return .hidden(user: user)
    }
}
