import Foundation
package import LogImport
package import ShutdownTrace

/// A recording that is read from its start as often as needed; memory does not grow with it.
package struct ExportSource {
    package let name: String
    /// What a log, or the input of a pipe, becomes; nil for a trace, which is read where it is.
    private let log: ConvertedLog?
    private let file: InputFile?

    /// Opens a trace, a known server's log, or, with `-`, standard input.
    ///
    /// - Throws: `Failure` when it cannot be opened or kept, is a folder, or is compressed.
    package init(_ path: String, rules: RuleBook) throws {
        name = path == "-" ? "standard input" : path
        log = try ConvertedLog(of: path, rules: rules)
        if let log {
            log.readWhole()
            try log.check()
        }
        file = log == nil ? try .opened(path == "-" ? "/dev/stdin" : path) : nil
    }

    /// Reads the recording from its start to its end.
    ///
    /// - Returns: What cannot be read: "line 12: …".
    /// - Throws: `Failure` when the file cannot be read.
    @discardableResult
    package func play(header: (Header) -> Void, event: (Event) -> Void) throws -> [String] {
        var reader = TraceReader()
        var problems = ProblemList(log?.problems ?? [], noun: "lines that cannot be read")
        func take(_ item: TraceReader.Item) {
            switch item {
            case .header(let found): header(found)
            case .event(let found): event(found)
            case .problem(let line, let text): problems.add("line \(line): \(text)")
            }
        }
        let handle = FileHandle(fileDescriptor: log?.descriptor ?? file?.descriptor ?? -1, closeOnDealloc: false)
        do {
            try handle.seek(toOffset: 0)
            while let bytes = try handle.read(upToCount: 1 << 20), !bytes.isEmpty {
                bytes.withUnsafeBytes { bytes in reader.read(bytes) { take($0) } }
            }
        } catch { throw Failure("Cannot read \(name): \(error.localizedDescription)") }
        for item in reader.end() { take(item) }
        return problems.sentences
    }
}
