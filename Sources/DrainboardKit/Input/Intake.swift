import Foundation
package import LogImport
package import Player
import Synchronization

/// Standard input, a trace or a log, on its way to a timeline.
///
/// A thread reads, translates and passes on, so that the input is never slowed by whoever looks at it.
package final class Intake: Sendable {
    package let timeline: Timeline
    private let sentence = Mutex<String?>(nil)

    /// Why the input can be nothing to look at; nil while it can.
    var complaint: String? { sentence.withLock { $0 } }

    /// - Parameters:
    ///   - input: Open for reading.
    ///   - rules: What the lines of logs mean.
    ///   - wake: Called on any thread when there is news.
    /// - Throws: `Failure` where nothing can be kept.
    package init(_ input: Int32, rules: RuleBook, wake: @escaping @Sendable () -> Void) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("Cannot make a pipe: \(String(cString: strerror(errno))).") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        do { timeline = try Timeline(following: ends[0], wake: wake) } catch { throw Failure(error.description) }
        let output = ends[1]
        Thread.detachNewThread { [self] in
            var translator = Translator(name: "standard input", rules: rules)
            Self.pump(from: input, to: output, &translator)
            sentence.withLock { $0 = translator.complaint }
            close(output)
            wake()
        }
    }

    private static func pump(from input: Int32, to output: Int32, _ translator: inout Translator) {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while translator.complaint == nil {
            var polled = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            let ready = poll(&polled, 1, translator.mayHoldBack ? 200 : -1)
            if ready < 0, errno == EINTR { continue }
            guard ready != 0 else {
                guard put(translator.rest(), output) else { return }
                continue
            }
            let count = read(input, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            guard put(translator.take(Array(bytes[..<count])), output) else { return }
        }
        _ = put(translator.end(), output)
    }

    private static func put(_ bytes: [UInt8], _ output: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
