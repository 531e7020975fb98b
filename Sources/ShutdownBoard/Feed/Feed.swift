package import DequeModule
package import ShutdownTrace

/// The events that a person wants to read, oldest first.
package struct Feed: Sendable {
    /// One event of the feed.
    ///
    /// It keeps what happened as values, and makes its sentence when somebody reads it: a fold over a million events
    /// builds none.
    package struct Line: Hashable, Sendable {
        package enum Weight: Int, Hashable, Comparable, Sendable {
            case quiet, normal, signal, risk, loss
            package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
        }

        package let time: Time
        package let source: Source
        package let weight: Weight
        package let isInferred: Bool
        private let news: News
        /// The instance that it names before its sentence; nil for the server that is judged.
        private let instance: Int?

        init(_ event: Event, _ news: News, _ weight: Weight) {
            time = event.time
            // The supervisor reads what the server prints, and the server says it.
            source = news.isPrinted ? .server : event.source
            self.weight = weight
            isInferred = event.isInferred
            self.news = news
            instance = event.instance > 1 && event.source != .client ? event.instance : nil
        }

        /// The sentence; text from outside is not safe to print before the screen has cleaned it.
        package var text: String {
            let sentence = news.telling?.sentence ?? ""
            return instance.map { "instance \($0): \(sentence)" } ?? sentence
        }
    }

    package private(set) var lines: Deque<Line> = []
    /// Lines that made room for later ones.
    package private(set) var forgotten = 0

    /// The feed keeps this many lines.
    package static let longest = 2_000

    mutating func append(_ line: Line) {
        lines.append(line)
        guard lines.count > Self.longest else { return }
        lines.removeFirst()
        forgotten += 1
    }
}
