import Foundation
package import LogImport
package import Player

/// A recorded run: a trace, or another program's log, as a timeline.
package struct Recording {
    package let timeline: Timeline
    /// The file, beside which marks are kept.
    package let file: String
    /// What a log becomes; nil for a trace, which is read where it is.
    private let log: ConvertedLog?
    private let news: DispatchSemaphore

    /// How much of the file is read, while that goes on in the background: 0...1.
    var progress: Double? {
        if let log, !log.isDone { return log.progress }
        return timeline.isCaughtUp ? nil : timeline.progress
    }

    /// Opens a file; its first events are known when this returns.
    ///
    /// - Parameters:
    ///   - file: Its path.
    ///   - rules: What the lines of logs mean.
    ///   - wake: Called on any thread when more is known.
    /// - Throws: `Failure` when it cannot be opened, or is neither a trace nor a log.
    package init(contentsOf file: String, rules: RuleBook = .builtIn, wake: @escaping @Sendable () -> Void = {}) throws
    {
        let news = DispatchSemaphore(value: 0)
        let tell: @Sendable () -> Void = {
            news.signal()
            wake()
        }
        self.file = file
        self.news = news
        log = try ConvertedLog(of: file, rules: rules)
        log?.begin(wake: tell)
        let path = file == "-" ? "/dev/stdin" : file
        do { timeline = try Timeline(contentsOf: log?.path ?? path, wake: tell) } catch {
            throw Failure(error.description)
        }
    }

    /// Waits until everything that is there has been read.
    ///
    /// - Throws: `Failure` when there was nothing.
    package func readWhole() throws {
        // The timeline wakes once for several changes, until a player has looked at them; so the wait has a limit.
        while !isWhole { _ = news.wait(timeout: .now() + .milliseconds(2)) }
        try log?.check()
        guard timeline.count > 0 else { throw Failure.noEvent(in: file) }
    }

    /// A log's trace is followed as a file that grows, so its timeline has caught up many times before its end.
    private var isWhole: Bool {
        guard let log else { return timeline.isCaughtUp }
        return log.isDone && timeline.count >= log.events && timeline.isCaughtUp
    }

    /// Says on standard error what could not be read.
    package func complain() {
        for problem in (log?.problems ?? []) + timeline.problems { Console.error("\(file), \(problem)") }
    }

    /// Opens a file, waits until it is read, and says on standard error what could not be read.
    ///
    /// - Throws: `Failure` when there is nothing to show.
    package static func whole(_ file: String, rules: RuleBook = .builtIn) throws -> Recording {
        let recording = try Recording(contentsOf: file, rules: rules)
        try recording.readWhole()
        recording.complain()
        return recording
    }
}
