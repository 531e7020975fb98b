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
        var isOurs = false
    }

    package static let kept = 50

    private var sinks: [Sink] = []
    /// Faults of the state folder, reported when the first line is written.
    private var faults: [String] = []
    package var paths: [String] { sinks.map(\.path) }

    /// Opens the files that were asked for, and one in the state folder, where the newest ``kept`` stay.
    init(files: [String], directory: String?, name: String) throws(RunError) {
        for path in files {
            let descriptor = Self.open(path, O_TRUNC)
            guard descriptor >= 0 else {
                let cause = String(cString: strerror(errno))
                close()
                throw .cannotRecord(file: path, cause: cause)
            }
            sinks.append(Sink(path: path, descriptor: descriptor))
        }
        guard let directory else { return }
        let made = Self.makeDirectories(directory)
        var path = directory + "/" + name
        var descriptor = made == 0 ? Self.open(path, O_EXCL) : -1
        for another in Self.others(than: name) where made == 0 && descriptor < 0 && errno == EEXIST {
            path = directory + "/" + another
            descriptor = Self.open(path, O_EXCL)
        }
        if descriptor >= 0 {
            sinks.append(Sink(path: path, descriptor: descriptor, isOurs: true))
            Self.prune(directory)
        } else {
            let cause = String(cString: strerror(made == 0 ? errno : made))
            faults.append(
                "This run is not kept in \(directory): \(cause). "
                    + "Make the folder writable, or set XDG_STATE_HOME to one that is.")
        }
    }

    /// Writes one whole line to each file, and returns a sentence for each that failed.
    mutating func write(_ line: [UInt8]) -> [String] {
        defer { faults = [] }
        var kept: [Sink] = []
        for sink in sinks {
            let failure = Self.write(line, to: sink.descriptor)
            if failure == 0 {
                kept.append(sink)
            } else {
                Glibc.close(sink.descriptor)
                faults.append(
                    "The recording \(sink.path) ends here: \(String(cString: strerror(failure))). "
                        + "Free some space; the run goes on.")
            }
        }
        sinks = kept
        return faults
    }

    func close() {
        for sink in sinks { Glibc.close(sink.descriptor) }
    }

    /// Removes the recording in the state folder of a run that never began.
    func discard() {
        for sink in sinks where sink.isOurs { unlink(sink.path) }
        close()
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
