import Dispatch
import Foundation
package import LogImport
package import Player
import ShutdownBoard
import ShutdownTrace

/// A recorded run: a trace, or another program's log, as a timeline.
package struct Tape {
    package let timeline: Timeline
    /// The file, beside which marks are kept.
    package let file: String
    /// What becomes of a log; nil for a trace that is read where it is.
    private let transcript: Transcript?
    private let news: DispatchSemaphore

    /// How much of the file is read, while that goes on in the background: 0...1.
    var progress: Double? {
        if let transcript, !transcript.isDone { return transcript.progress }
        return timeline.isCaughtUp ? nil : timeline.progress
    }

    /// Opens a file; its first events are known when this returns.
    ///
    /// - Parameters:
    ///   - file: Its path.
    ///   - rules: What the lines of logs mean.
    ///   - wake: Called on any thread when more is known.
    /// - Throws: `Failure` when it cannot be opened, or holds neither.
    package init(contentsOf file: String, rules: RuleBook = .builtIn, wake: @escaping @Sendable () -> Void = {}) throws
    {
        let news = DispatchSemaphore(value: 0)
        let tell: @Sendable () -> Void = {
            news.signal()
            wake()
        }
        (self.file, self.news) = (file, news)
        transcript = try Transcript(of: file, rules: rules)
        transcript?.begin(wake: tell)
        let path = file == "-" ? "/dev/stdin" : file
        do { timeline = try Timeline(contentsOf: transcript?.path ?? path, wake: tell) } catch {
            throw Failure(error.description)
        }
    }

    /// Waits until everything that is there has been read.
    ///
    /// - Throws: `Failure` when there was nothing.
    package func readWhole() throws {
        // The news itself is for a player to take, so it rings only once.
        while !isWhole { _ = news.wait(timeout: .now() + .milliseconds(2)) }
        try transcript?.check()
        guard timeline.count > 0 else {
            throw Failure("\(file) holds no event. Is it a trace, as drainboard demo --record FILE writes it?")
        }
    }

    /// A log's trace is followed as a file that grows, so its timeline has caught up many times before its end.
    private var isWhole: Bool {
        guard let transcript else { return timeline.isCaughtUp }
        return transcript.isDone && timeline.count >= transcript.events && timeline.isCaughtUp
    }

    /// Tells on standard error what could not be read.
    package func complain() {
        for problem in (transcript?.problems ?? []) + timeline.problems { Console.error("\(file), \(problem)") }
    }
}
