import Foundation
import Platform

/// A file that is written whole or not at all.
///
/// The text is written beside its place under a name that nobody can guess, brought to the disk, and renamed, which
/// replaces an older file in one step (rename(2)). When anything fails, the older file stays and the new one is removed.
package struct ExportFile {
    /// `-` is standard output.
    let path: String
    /// Whether a file that is there may be replaced.
    let mayReplace: Bool

    package init(path: String, mayReplace: Bool) {
        self.path = path
        self.mayReplace = mayReplace
    }

    /// - Throws: `Failure`, which says what went wrong where.
    package func write(_ text: String) throws {
        guard path != "-" else { return try Self.put(text, STDOUT_FILENO, "standard output") }
        var found = stat()
        guard stat(path, &found) == 0 else { return try replace(path, text) }
        switch found.st_mode & S_IFMT {
        case S_IFDIR: throw Failure("\(path) is a folder. Name a file in it with -o.")
        case S_IFREG:
            guard mayReplace else {
                throw Failure("\(path) is there already. Give --force to replace it, or another name with -o.")
            }
            // A link stays, and the file that it points to is replaced.
            try replace(URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false), text)
        default:
            // A pipe or a device cannot be replaced, only written.
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.failure("open", path) }
            defer { close(descriptor) }
            try Self.put(text, descriptor, path)
        }
    }

    private func replace(_ path: String, _ text: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        let beside = folder + ".drainboard-\(UUID().uuidString).tmp"
        try Self.undisturbed {
            let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw Self.failure("create a file in", folder) }
            do {
                defer { close(descriptor) }
                try Self.put(text, descriptor, path)
                guard fsync(descriptor) == 0 else { throw Self.failure("write", path) }
            } catch {
                unlink(beside)
                throw error
            }
            guard rename(beside, path) == 0 else {
                let failure = Self.failure("put the new file at", path)
                unlink(beside)
                throw failure
            }
            Self.syncFolder(folder)
        }
    }

    /// Brings the new name to the disk, where the file system can do that.
    private static func syncFolder(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Runs with INT, TERM and HUP held back, so that none of them leaves the temporary file behind.
    private static func undisturbed(_ body: () throws -> Void) throws {
        var signals = sigset_t()
        var before = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private static func put(_ text: String, _ descriptor: Int32, _ name: String) throws {
        guard writeAll(Array(text.utf8), to: descriptor) else { throw failure("write", name) }
    }

    private static func failure(_ verb: String, _ name: String) -> Failure {
        let cause = String(cString: strerror(errno))
        return Failure("Cannot \(verb) \(name): \(cause). Nothing was changed. Choose another place with -o.")
    }
}
