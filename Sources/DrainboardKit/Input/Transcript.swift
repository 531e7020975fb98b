import Foundation
import LogImport
import Synchronization

/// The trace of a log, or of whatever comes over a pipe, in a file without a name.
///
/// The file grows while a thread reads the log, so that its beginning can be looked at before its end is read. Memory
/// grows with neither.
final class Transcript: Sendable {
    private struct State: Sendable {
        var read = 0
        var events = 0
        var problems: [String] = []
        var complaint: String?
        var failure: Failure?
        var isDone = false
    }

    /// Open for reading and writing; closed with this object.
    let descriptor: Int32
    private let input: Input
    private let translator: Translator
    private let state = Mutex(State())

    /// Where the file can be opened again, as long as this object lives.
    var path: String { "/proc/self/fd/\(descriptor)" }

    var isDone: Bool { state.withLock { $0.isDone } }

    /// Events of a log that are in the file; 0 for a trace that came over a pipe.
    var events: Int { state.withLock { $0.events } }

    /// What is wrong with a log: "line 12: …".
    var problems: [String] { state.withLock { $0.problems } }

    /// How much of a log is read: 0...1.
    var progress: Double {
        let read = state.withLock { $0.read }
        return input.size == 0 ? 0 : min(1, Double(read) / Double(input.size))
    }

    /// Opens a log or a pipe; nil for a trace that can be read where it is, and for what is others' to refuse.
    ///
    /// - Parameters:
    ///   - file: Its path; `-` is standard input.
    ///   - rules: What the lines of logs mean.
    /// - Throws: `Failure` where nothing can be kept.
    init?(of file: String, rules: RuleBook) throws {
        guard let input = Input(file) else { return nil }
        translator = Translator(name: input.title, rules: rules, latest: input.modified, limit: .file)
        self.input = input
        if input.isFile {
            let beginning = input.beginning
            switch translator.recognise(beginning) {
            case .log: break
            case .trace, .empty: return nil
            // A trace may have lost its beginning.
            case .binary where !beginning.contains { $0 > 0x20 }: return nil
            case .compressed(let tool):
                throw Failure("\(input.name) is compressed. Try: \(tool) \(input.name) | drainboard watch -")
            case let other: throw Failure("Cannot show \(input.name): \(other.complaint ?? "it is no log").")
            }
        }
        descriptor = try Self.nameless(for: input.name)
    }

    deinit { close(descriptor) }

    /// Reads in the background; what comes over a pipe is read at once, because nobody can tell how much is to come.
    ///
    /// When this returns, a log that is soon read is whole, and of any other the first events are there.
    ///
    /// - Parameter wake: Called on any thread, now and then and when the end is reached.
    func begin(wake: @escaping @Sendable () -> Void) {
        guard input.isFile else { return readWhole() }
        let end = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            readWhole(wake: wake)
            end.signal()
            wake()
        }
        var hasEnded = end.wait(timeout: .now() + .milliseconds(150)) == .success
        while !hasEnded, events == 0 { hasEnded = end.wait(timeout: .now() + .milliseconds(5)) == .success }
    }

    /// Reads to the end.
    ///
    /// - Parameter wake: Called now and then.
    func readWhole(wake: () -> Void = {}) {
        do throws(Failure) { try translate(wake) } catch { state.withLock { $0.failure = error } }
        state.withLock { $0.isDone = true }
    }

    /// Says why there is nothing to show, or not all.
    ///
    /// - Throws: `Failure`.
    func check() throws {
        let (failure, complaint) = state.withLock { ($0.failure, $0.complaint) }
        if let failure { throw failure }
        if let complaint { throw Failure("Cannot show \(input.name): \(complaint).") }
    }

    private func translate(_ wake: () -> Void) throws(Failure) {
        var translator = translator
        var news = 0
        while translator.complaint == nil, let bytes = try input.next() {
            try keep(translator.take(bytes), of: translator, bytes.count)
            news += bytes.count
            if news >= 4 << 20 {
                news = 0
                wake()
            }
        }
        try keep(translator.end(), of: translator)
    }

    private func keep(_ lines: [UInt8], of translator: Translator, _ read: Int = 0) throws(Failure) {
        var rest = lines[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.full(input.name) }
            rest = rest.dropFirst(count)
        }
        state.withLock { state in
            state.read += read
            (state.events, state.problems, state.complaint) =
                (translator.events, translator.problems, translator.complaint)
        }
    }

    private static func nameless(for name: String) throws -> Int32 {
        for folder in [ProcessInfo.processInfo.environment["TMPDIR"], "/var/tmp", "/tmp"].compactMap({ $0 }) {
            let path = "\(folder)/drainboard-\(getpid())-\(UInt64.random(in: 0...(.max)))"
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { continue }
            unlink(path)
            return descriptor
        }
        throw full(name)
    }

    private static func full(_ name: String) -> Failure {
        let cause = String(cString: strerror(errno))
        return Failure(
            "Cannot keep what \(name) tells in a temporary file: \(cause). Set TMPDIR to a folder with room.")
    }
}

/// A file or a stream that is read once.
private final class Input: Sendable {
    let name: String
    let isFile: Bool
    let size: Int
    /// When a file was last written, in seconds since 1970.
    let modified: Int64?
    private let descriptor: Int32

    /// The name without its folders.
    var title: String { name.split(separator: "/").last.map(String.init) ?? name }

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

    deinit { close(descriptor) }

    /// The first bytes of a file, which stay to be read.
    var beginning: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
    }

    /// The next bytes; nil at the end.
    func next() throws(Failure) -> [UInt8]? {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            var got: Int
            repeat { got = read(descriptor, buffer.baseAddress, buffer.count) } while got < 0 && errno == EINTR
            if got < 0 { failure = errno }
            count = max(0, got)
        }
        if failure != 0 { throw Failure("Cannot read \(name): \(String(cString: strerror(failure))).") }
        return bytes.isEmpty ? nil : bytes
    }
}
