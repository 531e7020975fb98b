internal import ShutdownBoard
internal import ShutdownTrace

/// A search through the events of a run, in steps of some milliseconds, so that a screen stays awake meanwhile.
///
/// An event matches when the text is part of its name, of one of its texts, or of the words in which the event list
/// tells it, whatever the case; a number matches a whole one.
package struct Search: Sendable {
    /// The result of a step.
    package enum Outcome: Hashable, Sendable {
        /// The run after the event that matches: where a playhead moves to.
        case found(Playhead.Position)
        /// Not here; the next step looks further.
        case unfinished
        /// Nowhere in that direction.
        case nothing
    }

    package let text: String
    package let isForward: Bool
    private let needle: [UInt8]
    private let number: Int64?
    /// Where the events begin, or end, that are still to be looked at.
    private var edge: Int
    private var cursor = Cursor()

    private static let stride = 2_048

    /// - Parameters:
    ///   - text: What to look for.
    ///   - count: Events that have happened where the search begins; the last of them does not match.
    ///   - forward: Towards the end.
    package init(_ text: String, from count: Int, forward: Bool) {
        self.text = text
        isForward = forward
        needle = text.utf8.map(\.lowercased)
        number = Int64(text)
        edge = forward ? count : count - 1
    }

    /// Looks at the next few thousand events.
    ///
    /// - Parameter timeline: The run, the same in every step.
    /// - Returns: Whether something was found, and whether it is worth going on.
    package mutating func step(in timeline: Timeline) -> Outcome {
        let count = timeline.count
        let range =
            isForward ? edge..<max(edge, min(edge + Self.stride, count)) : max(0, edge - Self.stride)..<max(0, edge)
        guard !needle.isEmpty, !range.isEmpty else { return .nothing }
        var board = cursor.board(after: range.lowerBound, in: timeline)
        var match: Playhead.Position?
        for index in range {
            guard let event = cursor.event(index, in: timeline) else { break }
            let told = board.feed.lines.count + board.feed.forgotten
            board.apply(event)
            let isTold = board.feed.lines.count + board.feed.forgotten > told
            guard matches(event, isTold ? board.feed.lines.last?.text : nil) else { continue }
            match = Playhead.Position(time: board.time, count: index + 1)
            if isForward { break }
        }
        edge = isForward ? range.upperBound : range.lowerBound
        if let match { return .found(match) }
        return isForward && edge < count || !isForward && edge > 0 ? .unfinished : .nothing
    }

    private func matches(_ event: Event, _ words: String?) -> Bool {
        if contains(event.name) || words.map(contains) == true { return true }
        return event.fields.entries.contains { entry in
            switch entry.value {
            case .string(let text), .raw(let text): contains(text)
            case .int(let value): value == number
            case .double, .bool, .null: false
            }
        }
    }

    private func contains(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count >= needle.count else { return false }
        var start = bytes.startIndex
        for _ in 0...(bytes.count - needle.count) {
            if zip(bytes[start...], needle).allSatisfy({ $0.lowercased == $1 }) { return true }
            start = bytes.index(after: start)
        }
        return false
    }
}

extension UInt8 {
    /// A letter of ASCII in lower case; everything else as it is.
    fileprivate var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
