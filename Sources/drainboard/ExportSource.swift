internal import Foundation
internal import ShutdownTrace

/// A recording that is played from its start as often as needed; memory does not grow with it.
struct ExportSource {
    let name: String
    private let handle: FileHandle

    private static let mostProblems = 20

    /// Opens a file; what comes over a pipe is kept in a nameless one, because it cannot be read twice.
    ///
    /// - Throws: `Failure` when it cannot be opened, is a folder, or is compressed.
    init(_ path: String) throws {
        name = path
        var status = stat()
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw Failure("Cannot open \(path): \(String(cString: strerror(errno))).")
        }
        let opened = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw Failure("\(path) is a folder. Name a trace in it.")
        case S_IFREG: handle = opened
        default: handle = try Self.kept(opened, path)
        }
        if try piece(2) == Data([0x1F, 0x8B]) {
            throw Failure("\(path) is compressed. Try: zcat \(path) | drainboard export /dev/stdin …")
        }
    }

    /// Reads the recording from its start to its end.
    ///
    /// - Returns: What cannot be read: "line 12: …", at most ``mostProblems`` and then a count.
    /// - Throws: `Failure` when the file cannot be read.
    @discardableResult
    func play(header: (Header) -> Void, event: (Event) -> Void) throws -> [String] {
        var reader = TraceReader()
        var problems: [String] = []
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

    private static func kept(_ stream: FileHandle, _ path: String) throws -> FileHandle {
        guard let file = tmpfile() else {
            throw Failure(
                "Cannot keep what \(path) sends: \(String(cString: strerror(errno))). Save it to a file first.")
        }
        defer { fclose(file) }
        let kept = FileHandle(fileDescriptor: dup(fileno(file)), closeOnDealloc: true)
        do {
            while let bytes = try stream.read(upToCount: 1 << 20), !bytes.isEmpty { try kept.write(contentsOf: bytes) }
            try kept.seek(toOffset: 0)
        } catch {
            throw Failure("Cannot keep what \(path) sends: \(error.localizedDescription) Save it to a file first.")
        }
        return kept
    }
}
