import Foundation
package import LogImport
package import ShutdownTrace

/// A recording that is played from its start as often as needed; memory does not grow with it.
package struct ExportSource {
    package let name: String
    private let handle: FileHandle
    /// What a log, or what comes over a pipe, became.
    private let transcript: Transcript?

    private static let mostProblems = 20

    /// Opens a trace, a known server's log, or, with `-`, standard input.
    ///
    /// - Throws: `Failure` when it cannot be opened or kept, is a folder, or is compressed.
    package init(_ path: String, rules: RuleBook) throws {
        name = path == "-" ? "standard input" : path
        transcript = try Transcript(of: path, rules: rules)
        if let transcript {
            transcript.readWhole()
            try transcript.check()
            handle = FileHandle(fileDescriptor: transcript.descriptor, closeOnDealloc: false)
        } else {
            handle = try Self.opened(path == "-" ? "/dev/stdin" : path)
        }
    }

    private static func opened(_ path: String) throws -> FileHandle {
        var status = stat()
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw Failure("Cannot open \(path): \(String(cString: strerror(errno))).")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        if status.st_mode & S_IFMT == S_IFDIR { throw Failure("\(path) is a folder. Name a trace in it.") }
        return handle
    }

    /// Reads the recording from its start to its end.
    ///
    /// - Returns: What cannot be read: "line 12: …", at most ``mostProblems`` and then a count.
    /// - Throws: `Failure` when the file cannot be read.
    @discardableResult
    package func play(header: (Header) -> Void, event: (Event) -> Void) throws -> [String] {
        var reader = TraceReader()
        var problems = transcript?.problems ?? []
        var more = 0
        func take(_ item: TraceReader.Item) {
            switch item {
            case .header(let found): header(found)
            case .event(let found): event(found)
            case .problem(let line, let text):
                if problems.count < Self.mostProblems { problems.append("line \(line): \(text)") } else { more += 1 }
            }
        }
        try handle.seek(toOffset: 0)
        while case let bytes = try piece(1 << 20), !bytes.isEmpty {
            bytes.withUnsafeBytes { bytes in reader.read(bytes) { take($0) } }
        }
        for item in reader.end() { take(item) }
        return more == 0 ? problems : problems + ["and \(more) more lines that cannot be read"]
    }

    private func piece(_ count: Int) throws -> Data {
        do { return try handle.read(upToCount: count) ?? Data() } catch {
            throw Failure("Cannot read \(name): \(error.localizedDescription)")
        }
    }
}
