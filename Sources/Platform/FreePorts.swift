import CLinux
import Glibc
import Synchronization

/// Ports for servers that do not care which.
///
/// The kernel's own choice (port 0) would be one that it may give to any client a moment later, before the server has
/// taken it. These lie below the ports that Linux gives to clients (ip(7), `ip_local_port_range`: 32768 and up), and no
/// run of this process gets one that another was given.
package enum FreePorts {
    private static let given = Mutex<Set<Int>>([])
    private static let range = 20_000..<32_000

    /// One on which somebody can listen now; nil when none was found.
    package static func next() -> Int? {
        for _ in 0..<200 {
            let port = Int.random(in: range)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            if clinux_try_listen(UInt16(port)) == 0 { return port }
        }
        // Everything below is taken, or was: the kernel's choice is better than none.
        let free = clinux_free_port()
        return free > 0 ? Int(free) : nil
    }
}
