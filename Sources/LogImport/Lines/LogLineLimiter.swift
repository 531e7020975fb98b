internal import ShutdownTrace

/// Leaves out most of the lines of a long log that say nothing of its shutdown, and counts them.
///
/// The first lines pass at once, so that there is something to look at. Of the later lines the newest are held back, and
/// pass before the next line that says something, or at the end; the older ones are only counted.
struct LogLineLimiter: Sendable {
    /// A line that may still pass.
    struct Held: Sendable {
        var line: LogLine
        var number: Int
        var time: Time
    }

    /// A run of lines that do not pass.
    struct Gap: Sendable, Equatable {
        /// The number of the first of them.
        var number: Int
        var time: Time
        var count: Int
    }

    private let limit: LogImporter.Limit
    private var passed = 0
    /// A ring, whose oldest line is at `start` once it is full.
    private var held: [Held] = []
    private var start = 0
    private var gap: Gap?

    init(_ limit: LogImporter.Limit) {
        self.limit = limit
    }

    /// Takes a line that says nothing; false when the line is held back.
    mutating func pass(_ new: Held) -> Bool {
        if passed < limit.first {
            passed += 1
            return true
        }
        if held.count < min(limit.before, limit.most - passed) {
            held.append(new)
        } else if held.isEmpty {
            count(new)
        } else {
            count(held[start])
            held[start] = new
            start = (start + 1) % held.count
        }
        return false
    }

    private mutating func count(_ line: Held) {
        if gap == nil { gap = Gap(number: line.number, time: line.time, count: 0) }
        gap?.count += 1
    }

    /// What was left out, and the lines after it that pass now.
    mutating func release() -> (gap: Gap?, lines: [Held]) {
        let lines = Array(held[start...] + held[..<start])
        defer {
            gap = nil
            held = []
            start = 0
        }
        passed += lines.count
        return (gap, lines)
    }
}

extension LogImporter {
    /// How many of the lines that say nothing of the shutdown stay on the timeline; the others are only counted.
    package struct Limit: Hashable, Sendable {
        /// Lines that stay at the beginning.
        package var first: Int
        /// Lines that stay before each line that says something, and before the end.
        package var before: Int
        /// The most lines that stay altogether.
        package var most: Int

        package init(first: Int, before: Int, most: Int) {
            self.first = first
            self.before = before
            self.most = most
        }

        /// Every line stays: for a log that is followed while it grows.
        package static let none = Limit(first: .max, before: 0, most: .max)

        /// As many lines as a person scrolls through: at most some 60 MB of trace, which are read in about a second.
        package static let file = Limit(first: 20_000, before: 5_000, most: 200_000)
    }
}
