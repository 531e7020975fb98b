internal import Dispatch
internal import Foundation
internal import LogImport
internal import Player
internal import ShutdownBoard
internal import ShutdownTrace

/// A recorded run: a trace, or another program's log, as a timeline.
struct Tape {
    let timeline: Timeline
    /// The file, beside which marks are kept.
    let file: String
    private let news: DispatchSemaphore

    /// Opens a file; of a trace the first events are known when this returns, a log is read whole.
    ///
    /// - Parameters:
    ///   - file: Its path.
    ///   - rules: What the lines of logs mean.
    ///   - wake: Called on any thread when more is known.
    /// - Throws: `Failure` when it cannot be opened, or holds neither.
    init(contentsOf file: String, rules: RuleBook = .builtIn, wake: @escaping @Sendable () -> Void = {}) throws {
        let news = DispatchSemaphore(value: 0)
        let tell: @Sendable () -> Void = {
            news.signal()
            wake()
        }
        (self.file, self.news) = (file, news)
        do throws(TapeError) {
            if let log = try Self.translated(file, rules) {
                timeline = try Timeline(following: log, wake: tell)
            } else {
                timeline = try Timeline(contentsOf: file, wake: tell)
            }
        } catch {
            throw Failure(error.description)
        }
    }

    /// Waits until everything that is there has been read.
    ///
    /// - Throws: `Failure` when there was nothing.
    func readWhole() throws {
        // The news itself is for a player to take, so it rings only once.
        while !timeline.isCaughtUp { _ = news.wait(timeout: .now() + .milliseconds(2)) }
        guard timeline.count > 0 else {
            throw Failure("\(file) holds no event. Is it a trace, as drainboard demo --record FILE writes it?")
        }
    }

    /// Tells on standard error what could not be read.
    func complain() {
        for problem in timeline.problems { Console.error("\(file), \(problem)") }
    }

    /// A log, or whatever comes over a pipe, as a nameless file with a trace; nil for a trace that can be read where it is.
    private static func translated(_ file: String, _ rules: RuleBook) throws(TapeError) -> Int32? {
        var status = stat()
        let input = open(file, O_RDONLY | O_CLOEXEC)
        // What cannot be opened is the timeline's to explain.
        guard input >= 0, fstat(input, &status) == 0 else { return nil }
        defer { close(input) }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        guard isFile || status.st_mode & S_IFMT == S_IFIFO else { return nil }
        let name = file.split(separator: "/").last.map(String.init) ?? file
        var translator = Translator(name: name, rules: rules, latest: isFile ? Int64(status.st_mtim.tv_sec) : nil)
        guard let pieces = Pieces(input, &translator, isFile: isFile), let output = tmpfile() else { return nil }
        defer { fclose(output) }
        var isWritten = pieces.write(pieces.first, output)
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        while isWritten, case let count = Glibc.read(input, &bytes, bytes.count), count > 0 {
            isWritten = pieces.write(translator.take(Array(bytes[..<count])), output)
        }
        isWritten = isWritten && pieces.write(translator.end(), output)
        return isWritten ? dup(fileno(output)) : nil
    }

    /// The beginning of a file, and whether the rest of it has to be translated.
    private struct Pieces {
        let first: [UInt8]

        /// Nil for a regular file that is a trace, or nothing that a rule could read.
        init?(_ input: Int32, _ translator: inout Translator, isFile: Bool) {
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = Glibc.read(input, &bytes, bytes.count)
            let start = Array(bytes[..<max(0, count)])
            if isFile, !translator.isLog(start) { return nil }
            first = translator.take(start)
        }

        func write(_ bytes: [UInt8], _ file: UnsafeMutablePointer<FILE>) -> Bool {
            fwrite(bytes, 1, bytes.count, file) == bytes.count && fflush(file) == 0
        }
    }
}
