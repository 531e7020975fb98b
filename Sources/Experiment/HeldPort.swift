import Foundation
import Glibc

/// A port of 127.0.0.1 that is kept for whoever will listen on it later.
///
/// Thousands of client connections take ephemeral ports meanwhile, and would sooner or later take this one. The socket
/// is bound and never listens, so clients are refused; a server that sets SO_REUSEADDR as servers do (socket(7)) can
/// bind the port beside it and listen.
final class HeldPort: Sendable {
    let number: Int
    private let descriptor: Int32

    /// - Throws: ``ExperimentError/cannotStart(command:cause:)`` when there is no socket or no port left.
    init() throws(ExperimentError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || getsockname(descriptor, $0, &length) != 0
            }
        }
        self.descriptor = descriptor
        number = Int(UInt16(bigEndian: address.sin_port))
        if failed {
            let cause = String(cString: strerror(errno))
            close(descriptor)
            throw .cannotStart(command: "a listener", cause: cause)
        }
    }

    deinit { close(descriptor) }
}
