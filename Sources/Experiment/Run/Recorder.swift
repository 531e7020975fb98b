import Glibc
import Platform
import ShutdownTrace

/// The files that a run is recorded in, one write(2) a line.
///
/// A file that fails is reported once and closed; the run goes on.
package struct Recorder: Sendable {
    private struct Sink: Sendable {
        var path: String
        var descriptor: Int32
        /// What it may grow to; nil for a file that a person asked for.
        var limit: Int?
        var bytes = 0
        /// It has reached its limit, and gets one more line, which says so.
        var isFull = false

        var isOurs: Bool { limit != nil }
    }

    private var sinks: [Sink] = []
    /// The state folder, and what it may grow to.
    private var folder: (StateFolder, size: Int)?
    /// What is wrong with the state folder, reported when the first line is written.
    private var faults: [String] = []

    /// The files that hold everything so far.
    package var paths: [String] { sinks.filter { !$0.isFull }.map(\.path) }

    /// Opens the files that were asked for, and one in the state folder, where older ones make room.
    ///
    /// - Parameters:
    ///   - files: The paths that a person gave.
    ///   - keeping: The state folder; nil where the run is not kept.
    ///   - name: The name of the file there.
    ///   - limits: What that file and its folder may grow to.
    /// - Throws: ``RunError/cannotRecord(file:cause:)``.
    init(files: [String], keeping: Keeping, name: String, limits: RecordingLimits = .current) throws(RunError) {
        for path in files {
            let descriptor = Self.open(path, O_TRUNC)
            guard descriptor >= 0 else {
                let cause = String(cString: strerror(errno))
                close()
                throw .cannotRecord(file: path, cause: cause)
            }
            sinks.append(Sink(path: path, descriptor: descriptor))
        }
        switch keeping {
        case .nowhere: break
        case .unknown:
            faults.append(
                "This run is not kept: neither XDG_STATE_HOME nor HOME names a folder. Set one of them, or give --record."
            )
        case .folder(let folder): keep(in: folder, name, limits)
        }
    }

    private mutating func keep(in folder: StateFolder, _ name: String, _ limits: RecordingLimits) {
        faults += limits.faults
        let made = folder.make()
        var path = folder.path + "/" + name
        var descriptor = made == 0 ? Self.open(path, O_EXCL) : -1
        for another in StateFolder.others(than: name) where made == 0 && descriptor < 0 && errno == EEXIST {
            path = folder.path + "/" + another
            descriptor = Self.open(path, O_EXCL)
        }
        if descriptor >= 0 {
            FileLock.hold(descriptor)
            sinks.append(Sink(path: path, descriptor: descriptor, limit: limits.single))
            self.folder = (folder, limits.total)
            folder.prune(to: limits.total)
        } else {
            let cause = String(cString: strerror(made == 0 ? errno : made))
            faults.append(
                "This run is not kept in \(folder.path): \(cause). "
                    + "Make the folder writable, or set XDG_STATE_HOME to one that is.")
        }
    }

    /// Writes one whole line to each file, and returns a sentence for each that failed or is full.
    mutating func write(_ line: [UInt8]) -> [String] {
        defer { faults = [] }
        var open: [Sink] = []
        for var sink in sinks {
            let failure = Self.write(line, to: sink.descriptor)
            guard failure == 0 else {
                faults.append(Self.end(sink, String(cString: strerror(failure))))
                continue
            }
            sink.bytes += line.count
            if sink.isFull {
                Glibc.close(sink.descriptor)
                continue
            }
            if let limit = sink.limit, sink.bytes >= limit {
                sink.isFull = true
                faults.append(
                    "The recording \(sink.path) ends here: it has reached \(limit.grouped) bytes. "
                        + "\(RecordingLimits.singleVariable) sets another limit; the run goes on.")
            }
            open.append(sink)
        }
        sinks = open
        return faults
    }

    /// Closes the files; what grew meanwhile makes older recordings go.
    func close() {
        for sink in sinks { Glibc.close(sink.descriptor) }
        if let folder { folder.0.prune(to: folder.size) }
    }

    /// Removes the recording in the state folder of a run that never began.
    func discard() {
        for sink in sinks where sink.isOurs { unlink(sink.path) }
        close()
    }

    /// Closes a file that takes no more, and removes ours when it holds nothing; returns the sentence about it.
    private static func end(_ sink: Sink, _ cause: String) -> String {
        Glibc.close(sink.descriptor)
        let isEmpty = sink.isOurs && sink.bytes == 0
        if isEmpty { unlink(sink.path) }
        return (isEmpty ? "This run is not kept in \(sink.path): " : "The recording \(sink.path) ends here: ")
            + "\(cause). Free some space; the run goes on."
    }

    private static func open(_ path: String, _ flags: Int32) -> Int32 {
        Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o644)
    }

    /// Returns 0 or the errno; a line that does not fit on the disk is removed again.
    private static func write(_ line: [UInt8], to descriptor: Int32) -> Int32 {
        let done = writeWhatFits(line, to: descriptor)
        guard done < line.count else { return 0 }
        let failure = errno
        let end = lseek(descriptor, 0, SEEK_CUR)
        if done > 0, end >= done { ftruncate(descriptor, end - off_t(done)) }
        return failure
    }
}

/// Where a run is kept besides the files that a person asked for.
package enum Keeping: Hashable, Sendable {
    case nowhere
    case folder(StateFolder)
    /// It is to be kept, and nothing says where.
    case unknown

    /// In the folder of this person.
    package static var standard: Keeping { StateFolder.standard.map(Keeping.folder) ?? .unknown }

    /// In a folder below it, apart from a person's own runs.
    package func below(_ name: String) -> Keeping {
        if case .folder(let folder) = self { .folder(StateFolder(folder.path + "/" + name)) } else { self }
    }
}
