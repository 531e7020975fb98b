import Foundation
import Platform
import ShutdownTrace
import Synchronization

/// Writing to standard output and standard error, and waiting for what is asynchronous.
package enum Console {
    /// Writes one line of data to standard output, whole.
    ///
    /// Ends the process by SIGPIPE when nobody reads any more, as every filter does, and with 2 when the line cannot be
    /// written; the guard process then ends the server.
    package static func print(_ text: String) {
        guard !writeAll(Array("\(text)\n".utf8), to: STDOUT_FILENO) else { return }
        let failure = errno
        if failure == EPIPE {
            Glibc.signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        error("Cannot write to standard output: \(String(cString: strerror(failure))).")
        Glibc.exit(2)
    }

    /// A line without escape sequences, and in ASCII for a terminal that can show nothing else.
    package static func safe(_ text: String, ascii: Bool) -> String {
        let text = printable(text)
        guard ascii else { return text }
        let spelled = text.replacing("…", with: "...").replacing("µ", with: "u").replacing("·", with: "-")
        return String(spelled.map { $0.isASCII ? $0 : "?" })
    }

    /// The columns of the terminal on standard output, of which COLUMNS may tell others; nil where it is none.
    package static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        if let told = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), told > 0 { return told }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a message to standard error; whatever it quotes, no escape sequence gets through.
    package static func error(_ text: String) {
        Progress.clear()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }
        _ = writeAll(Array("drainboard: \(lines.joined(separator: "\n"))\n".utf8), to: STDERR_FILENO)
    }

    /// Runs something asynchronous from the main thread and waits for it.
    ///
    /// The main thread belongs to the terminal, not to Swift's pool, so blocking it holds nobody up.
    package static func wait<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Value, any Error>?>(nil)
        Task {
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            result.withLock { $0 = outcome }
            done.signal()
        }
        done.wait()
        guard let outcome = result.withLock({ $0 }) else { throw Failure("The run ended without a result.") }
        return try outcome.get()
    }
}
