import Foundation
import Screen
import ShutdownTrace
import Synchronization

/// Writing to standard output and standard error, and waiting for what is asynchronous.
package enum Console {
    /// Writes one line of data to standard output, whole.
    ///
    /// Ends the process by SIGPIPE when nobody reads any more, as every filter does, and with 2 when it cannot be
    /// written; the guard then ends the server.
    package static func print(_ text: String) {
        let failure = write(text + "\n", to: STDOUT_FILENO)
        guard failure != 0 else { return }
        if failure == EPIPE {
            Glibc.signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        error("Cannot write to standard output: \(String(cString: strerror(failure))).")
        Glibc.exit(2)
    }

    /// Writes a message to standard error; whatever it quotes, no escape sequence gets through.
    package static func error(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }
        write("drainboard: " + lines.joined(separator: "\n") + "\n", to: STDERR_FILENO)
    }

    /// Returns 0 or the errno.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            bytes = bytes.dropFirst(count)
        }
        return 0
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

/// The same text in ASCII, for a terminal that can show nothing else.
package func asciiOnly(_ text: String) -> String {
    let spelled = text.replacing("…", with: "...").replacing("µ", with: "u").replacing("·", with: "-")
    return String(spelled.map { $0.isASCII ? $0 : "?" })
}
