import Foundation
package import LogImport
import Platform
package import Player
import Synchronization

/// The timeline of a trace or a log that comes over standard input.
///
/// A thread reads, converts and passes on, so that the writer never waits for a person who looks.
package final class InputTimeline: Sendable {
    package let timeline: Timeline
    private let sentence = Mutex<String?>(nil)

    /// Why the input can never be shown; nil while it may be.
    var complaint: String? { sentence.withLock { $0 } }

    /// - Parameters:
    ///   - input: Open for reading.
    ///   - rules: What the lines of logs mean.
    ///   - wake: Called on any thread when there is news.
    /// - Throws: `Failure` when no temporary file can keep the input.
    package init(_ input: Int32, rules: RuleBook, wake: @escaping @Sendable () -> Void) throws {
        do {
            let pipe = try Platform.Pipe()
            timeline = try Timeline(following: pipe.handOverReading(), wake: wake)
            Thread.detachNewThread { [self] in
                var converter = LogConverter(name: "standard input", rules: rules)
                try? converter.convert(input, named: "standard input", isFollowed: true) { lines, _, _ in
                    writeAll(lines, to: pipe.writing)
                }
                sentence.withLock { $0 = converter.complaint }
                pipe.closeWriting()
                wake()
            }
        } catch { throw Failure("\(error)") }
    }
}
