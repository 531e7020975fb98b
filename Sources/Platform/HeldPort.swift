import CLinux
import Glibc

/// A port of 127.0.0.1 that is kept for whoever will listen on it later.
///
/// Thousands of client connections take ephemeral ports meanwhile, and would sooner or later take this one. The socket
/// is bound and never listens, so clients are refused; a server that sets SO_REUSEADDR as servers do (socket(7)) can
/// bind the port beside it and listen.
package final class HeldPort: Sendable {
    package let number: Int
    private let descriptor: Int32

    /// - Throws: ``RunError/cannotStart(command:cause:)`` when there is no socket or no port left.
    package init() throws(RunError) {
        var port: UInt16 = 0
        let descriptor = clinux_hold_port(&port)
        if descriptor < 0 { throw .cannotStart(command: "a listener", cause: String(cString: strerror(-descriptor))) }
        (self.descriptor, number) = (descriptor, Int(port))
    }

    deinit { close(descriptor) }
}
