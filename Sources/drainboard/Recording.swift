internal import Foundation
internal import ShutdownBoard
internal import ShutdownTrace

/// A trace that was read, up to a moment or to its end.
struct Recording {
    private(set) var board = Board()
    /// "line 12: …", at most ``mostProblems`` and then a count.
    private(set) var problems: [String] = []
    private var skipped = 0

    private static let mostProblems = 20

    /// Reads a file in pieces; memory does not grow with it.
    ///
    /// - Parameters:
    ///   - file: Its path.
    ///   - limit: Events after this moment are left out.
    /// - Throws: `Failure` when the file cannot be opened or read.
    init(contentsOf file: String, upTo limit: Time? = nil) throws {
        let handle = try Self.open(file)
        var reader = TraceReader()
        while true {
            let piece: Data?
            do { piece = try handle.read(upToCount: 1 << 20) } catch {
                throw Failure("Cannot read \(file): \(error.localizedDescription)")
            }
            guard let piece, !piece.isEmpty else { break }
            piece.withUnsafeBytes { bytes in reader.read(bytes) { take($0, limit) } }
        }
        for item in reader.end() { take(item, limit) }
        if skipped > 0 { problems.append("and \(skipped) more lines that cannot be read") }
        guard board.eventCount > 0 || limit != nil else {
            throw Failure("\(file) holds no event. Is it a trace, as drainboard demo --record FILE writes it?")
        }
    }

    private static func open(_ file: String) throws -> FileHandle {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), isDirectory.boolValue {
            throw Failure("\(file) is a folder. Name a trace in it.")
        }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw Failure("Cannot open \(file): \(String(cString: strerror(errno))).")
        }
        return handle
    }

    private mutating func take(_ item: TraceReader.Item, _ limit: Time?) {
        switch item {
        case .header(let header): board.apply(header)
        case .event(let event):
            if let limit, event.time > limit { return }
            board.apply(event)
        case .problem(let line, let text):
            if problems.count < Self.mostProblems { problems.append("line \(line): \(text)") } else { skipped += 1 }
        }
    }
}
