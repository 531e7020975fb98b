import Foundation
import LogImport
import Platform
import Player
import Synchronization

/// The trace of a log, or of whatever comes over a pipe, in a file without a name.
///
/// The file grows while a thread reads the log, so that its beginning can be shown before its end is read. Memory does
/// not grow with it.
final class ConvertedLog: Sendable {
    private struct State: Sendable {
        var read = 0
        var events = 0
        var problems: [String] = []
        var failure: Failure?
        var isDone = false
    }

    /// Open for reading and writing; closed with this object.
    let descriptor: Int32
    private let input: InputFile
    private let converter: LogConverter
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

    /// Opens a log or a pipe; nil for a trace, which needs no conversion, and for what cannot be opened.
    ///
    /// - Parameters:
    ///   - file: Its path; `-` is standard input.
    ///   - rules: What the lines of logs mean.
    /// - Throws: `Failure` for a file that is neither log nor trace, or when no temporary file can be made.
    init?(of file: String, rules: RuleBook) throws {
        guard let input = InputFile(file) else { return nil }
        converter = LogConverter(name: input.name.fileName, rules: rules, latest: input.modified, limit: .file)
        self.input = input
        if input.isFile {
            let beginning = input.beginning
            switch converter.recognise(beginning) {
            case .log: break
            case .trace, .empty: return nil
            // A trace may have lost its beginning.
            case .binary where !beginning.contains { $0 > 0x20 }: return nil
            case .compressed(let tool):
                throw Failure("\(input.name) is compressed. Try: \(tool) \(input.name) | drainboard watch -")
            case let other: throw Failure("Cannot show \(input.name): \(other.complaint ?? "it is no log").")
            }
        }
        guard let descriptor = openNamelessFile() else { throw Self.full(input.name) }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Reads in the background; a pipe is read to its end at once, because its length is not known.
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
        var converter = converter
        var news = 0
        do {
            try converter.convert(input.descriptor, named: input.name) { lines, read, converter in
                guard writeAll(lines, to: descriptor) else { throw Self.full(input.name) }
                state.withLock { state in
                    state.read += read
                    state.events = converter.events
                    state.problems = converter.problems
                    state.failure = converter.complaint.map { Failure("Cannot show \(input.name): \($0).") }
                }
                news += read
                if news >= 4 << 20 {
                    news = 0
                    wake()
                }
                return true
            }
        } catch { state.withLock { $0.failure = Failure("\(error)") } }
        state.withLock { $0.isDone = true }
    }

    /// Says why there is nothing to show, or not all.
    ///
    /// - Throws: `Failure`.
    func check() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private static func full(_ name: String) -> Failure {
        let cause = String(cString: strerror(errno))
        return Failure(
            "Cannot keep what \(name) tells in a temporary file: \(cause). Set TMPDIR to a folder with room.")
    }
}
