internal import CLinux
internal import Glibc

/// A lock on a file that its writer holds until it closes the file or ends, however it ends (fcntl(2), F_OFD_SETLK).
package enum FileLock {
    /// Locks a file that is open for writing; on a file system without locks it stays without one.
    package static func hold(_ descriptor: Int32) { _ = clinux_lock(descriptor) }

    /// Whether somebody holds a lock on the file; asking takes none.
    package static func isHeld(on path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return clinux_is_locked(descriptor) == 1
    }
}
