internal import Foundation
internal import Glibc

/// A folder in the temporary directory that belongs to this process as long as it lives.
///
/// The process holds a lock on it (flock(2)), which ends with the process however that ends. So the next one can tell
/// what was left behind, also where their process ids come from different namespaces.
package final class OwnedFolder: Sendable {
    package let path: String
    private let descriptor: Int32

    /// A path in the temporary directory that nothing has yet.
    package static func freshPath(in parent: String = FileManager.default.temporaryDirectory.path) -> String {
        let random = String(UInt32.random(in: 0...(.max)), radix: 16)
        return "\(parent)/drainboard-\(getpid()).\(random)"
    }

    /// Makes the folder.
    ///
    /// - Throws: ``RunError/cannotMakeDirectory(path:cause:)``.
    package init(making path: String = freshPath()) throws(RunError) {
        self.path = path
        // Another process may have swept the folder before it was locked.
        for _ in 0..<10 {
            guard mkdir(path, 0o700) == 0 else { break }
            let descriptor = Self.opened(path)
            var here = stat()
            var there = stat()
            if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &here) == 0,
                stat(path, &there) == 0, here.st_ino == there.st_ino
            {
                self.descriptor = descriptor
                return
            }
            if descriptor >= 0 { close(descriptor) }
        }
        throw .cannotMakeDirectory(path: path, cause: String(cString: strerror(errno)))
    }

    deinit { close(descriptor) }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Removes the folders that belong to nobody any more, from the temporary directory and from shared memory.
    package static func sweep(_ parents: [String] = [FileManager.default.temporaryDirectory.path, "/dev/shm"]) {
        for parent in parents {
            guard let stream = opendir(parent) else { continue }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if isName(name) { sweep("\(parent)/\(name)") }
            }
        }
    }

    private static func sweep(_ path: String) {
        let descriptor = opened(path)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0
        else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func opened(_ path: String) -> Int32 {
        open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }

    /// Whether ``freshPath(in:)`` makes such names.
    private static func isName(_ name: String) -> Bool {
        name.hasPrefix("drainboard-") && name.wholeMatch(of: /drainboard-\d+\.[0-9a-f]{1,8}/) != nil
    }
}
