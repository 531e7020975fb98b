import Foundation

/// A file, or standard input, that is open for reading.
final class InputFile: Sendable {
    /// Its path, or "standard input".
    let name: String
    let isFile: Bool
    let size: Int
    /// When a file was last written, in seconds since 1970.
    let modified: Int64?
    let descriptor: Int32

    /// Nil for a folder, and for what cannot be opened.
    init?(_ file: String) {
        var status = stat()
        let descriptor = file == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        name = file == "-" ? "standard input" : file
        isFile = status.st_mode & S_IFMT == S_IFREG
        size = Int(status.st_size)
        modified = isFile ? Int64(status.st_mtim.tv_sec) : nil
    }

    /// Opens a file.
    ///
    /// - Throws: `Failure`, which says why it cannot be opened.
    static func opened(_ file: String) throws -> InputFile {
        if let input = InputFile(file) { return input }
        let cause = String(cString: strerror(errno))
        var status = stat()
        let isFolder = stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        throw Failure(isFolder ? "\(file) is a folder. Name a trace in it." : "Cannot open \(file): \(cause).")
    }

    deinit { close(descriptor) }

    /// The first bytes of a file, without moving on in it.
    var beginning: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
    }
}

extension String {
    /// The last part of a path.
    var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
