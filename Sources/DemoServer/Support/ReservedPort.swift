import Glibc
import ShutdownTrace

/// A port of 127.0.0.1 that is bound and not yet listened on.
///
/// It is bound before anything slow, so that a busy port is reported at once and the trace's header can name the port.
/// Clients are refused until the listener opens.
struct ReservedPort: Sendable {
    let descriptor: Int32
    let number: Int

    init(_ wanted: Int) throws(Fault) {
        guard let port = UInt16(exactly: wanted) else {
            throw Fault("port \(wanted) does not exist; name one in 0...65535, or 0 for a free one")
        }
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Fault("no socket can be opened (\(Fault.words(errno)))") }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) != 0 ? errno : getsockname(socket, address, &length)
            }
        }
        guard result == 0 else {
            close(socket)
            throw Self.busy(wanted, result)
        }
        descriptor = socket
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    static func busy(_ port: Int, _ code: Int32) -> Fault {
        switch code {
        case EADDRINUSE: Fault("port \(port) is in use; stop who holds it, name another with --port, or take --port 0")
        case EACCES: Fault("port \(port) needs more rights than this process has; name one above 1023 with --port")
        default: Fault("port \(port) cannot be used (\(Fault.words(code))); name another with --port")
        }
    }
}
