#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The file in which the bytes of a run lie: it is read by offset, and never mapped.
///
/// A mapped file that another process truncates ends the reader with SIGBUS at the next touch, and asking for the size
/// first only narrows the gap (mmap(2)). pread(2) returns fewer bytes instead, costs a copy from the page cache, and
/// keeps the file out of the resident memory.
final class RecordingFile: Sendable {
    private let descriptor: Int32

    /// Takes over an open descriptor of something that pread(2) can read.
    init(taking descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Opens a file for reading.
    ///
    /// - Returns: The descriptor, and whether it is a stream (pipe, socket, terminal) that has no offsets.
    /// - Throws: `RecordingError` for a file that is missing, not readable, or a folder.
    static func open(_ path: String) throws(RecordingError) -> (descriptor: Int32, isStream: Bool) {
        let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RecordingError("Cannot open \(path): \(reason).") }
        switch kind(of: descriptor) {
        case S_IFDIR:
            close(descriptor)
            throw RecordingError("\(path) is a folder. Name a trace in it.")
        case S_IFREG: return (descriptor, false)
        default: return (descriptor, true)
        }
    }

    /// Whether a descriptor is a regular file, which can be read by offset.
    static func isFile(_ descriptor: Int32) -> Bool { kind(of: descriptor) == S_IFREG }

    private static func kind(of descriptor: Int32) -> mode_t {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    /// A file without a name, for a pipe or a live run; it is gone with this process, however the process ends.
    ///
    /// - Throws: `RecordingError` where no folder for temporary files can be written.
    static func temporary() throws(RecordingError) -> RecordingFile {
        if let descriptor = openNamelessFile() { return RecordingFile(taking: descriptor) }
        throw RecordingError(
            "Cannot keep the run for scrubbing: no folder for temporary files can be written (\(reason)).")
    }

    /// Bytes in the file now; 0 when that cannot be known.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The bytes of a range, or as many of them as there are.
    func read(_ range: Range<Int>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count, let base = buffer.baseAddress {
                let count = pread(descriptor, base + filled, range.count - filled, off_t(range.lowerBound + filled))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                filled += count
            }
        }
    }

    /// Writes bytes at an offset.
    ///
    /// - Throws: `RecordingError`, such as for a full disk.
    func write(_ bytes: [UInt8], at offset: Int) throws(RecordingError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written, off_t(offset + written))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw RecordingError("Cannot keep more of the run for scrubbing: \(Self.reason).") }
            written += count
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}

/// Opens a file without a name, for reading and writing; it is gone with its last descriptor.
///
/// - Returns: Nil where no folder for temporary files can be written; errno tells why.
package func openNamelessFile() -> Int32? {
    let wanted = getenv("TMPDIR").map { String(cString: $0) }
    // linux/fcntl.h: O_TMPFILE, by which a file never has a name; not every file system can do that.
    let nameless: Int32 = 0o20000000 | O_DIRECTORY
    for folder in [wanted, "/var/tmp", "/tmp"].compactMap({ $0 }) {
        let unnamed = openFile(folder, O_RDWR | O_CLOEXEC | nameless)
        if unnamed >= 0 { return unnamed }
        let name = "\(folder)/drainboard-\(getpid())-\(UInt64.random(in: 0...(.max)))"
        let descriptor = openFile(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC)
        guard descriptor >= 0 else { continue }
        unlink(name)
        return descriptor
    }
    return nil
}

/// open(2), which the method of the same name hides.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o600) }
