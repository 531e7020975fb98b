internal import ShutdownTrace

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The moments that a person marked, kept in a file beside the recording: the run itself is never rewritten.
///
/// The file is JSON Lines, one mark a line: `{"t":12.4,"event":817}`. Lines that are no marks are kept.
package struct Marks: Sendable {
    /// In order of their places.
    package private(set) var positions: [Playhead.Position] = []
    /// Where they are kept; nil keeps them in memory.
    package let path: String?
    private var foreign: [Fields] = []

    /// Reads the marks of a recording.
    ///
    /// - Parameter recording: Its path; nil for a run that is not recorded.
    package init(of recording: String?) {
        path = recording.map { $0 + ".marks" }
        for line in path.map(Self.lines) ?? [] {
            guard let fields = line.withUnsafeBytes({ try? LineParser.fields($0) }) else { continue }
            if let time = fields.time("t"), let count = fields.int("event"), count >= 0 {
                insert(Playhead.Position(time: time, count: count))
            } else {
                foreign.append(fields)
            }
        }
    }

    /// Marks a place, or takes its mark away, and keeps the file in step.
    ///
    /// - Throws: `RecordingError` when the file cannot be written; the mark holds until the program ends.
    package mutating func toggle(_ position: Playhead.Position) throws(RecordingError) {
        if let index = positions.firstIndex(where: { $0.count == position.count }) {
            positions.remove(at: index)
        } else {
            insert(position)
        }
        try save()
    }

    private mutating func insert(_ position: Playhead.Position) {
        positions.insert(position, at: positions.partitioningIndex { $0.count > position.count })
    }

    /// Writes a new file and renames it, so that the file of marks is always whole.
    private func save() throws(RecordingError) {
        guard let path else { return }
        let own = positions.map { Fields([.init("t", .time($0.time)), .init("event", .number($0.count))]) }
        let bytes = (foreign + own).flatMap { LineWriter.line($0) }
        if bytes.isEmpty {
            unlink(path)
            return
        }
        let beside = "\(path).\(getpid())"
        guard let file = fopen(beside, "w") else { throw Self.failure(path) }
        let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
        guard fclose(file) == 0, isWritten, rename(beside, path) == 0 else {
            let failure = Self.failure(path)
            unlink(beside)
            throw failure
        }
    }

    private static func failure(_ path: String) -> RecordingError {
        RecordingError("Cannot keep the mark in \(path): \(String(cString: strerror(errno))).")
    }

    /// The lines of a file of marks; of a larger file only the first megabyte.
    private static func lines(_ path: String) -> [ArraySlice<UInt8>] {
        guard let (descriptor, isStream) = try? RecordingFile.open(path) else { return [] }
        let file = RecordingFile(taking: descriptor)
        return isStream ? [] : file.read(0..<min(file.size, 1 << 20)).split(separator: UInt8(ascii: "\n"))
    }
}
