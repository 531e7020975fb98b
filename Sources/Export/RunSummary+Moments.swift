internal import ShutdownBoard
package import ShutdownTrace

/// The moments of a run that pictures show.
extension RunSummary {
    /// The moment for a single picture: the middle of the drain, or of the shutdown; where there is neither, the end.
    package var tellingMoment: Time {
        let end = board.process.exit?.at ?? board.time
        if let began = board.shutdown.drainBeganAt, let middle = middle(began, board.shutdown.drainEndedAt ?? end) {
            return middle
        }
        if let signal = board.stopSignal, let middle = middle(signal.at, end) { return middle }
        return board.time
    }

    /// Nil for a span too short to look at.
    private func middle(_ start: Time, _ end: Time) -> Time? {
        let span = end - start
        guard span > .milliseconds(50) else { return nil }
        return start + Time(microseconds: span.microseconds / 2)
    }

    /// When to take the frames of a film: at everything that the event list tells and at each landmark, and in steady
    /// steps between them, close ones around the shutdown and wide ones before it.
    ///
    /// - Parameter most: How many at most. Where there would be more, the steps grow and events are left out evenly.
    /// - Returns: Moments in order, each once; the first is the start of the run, the last its end.
    package func moments(most: Int = 900) -> [Time] {
        let first = Time.zero
        let last = max(first, board.time)
        let events = board.feed.lines.filter { $0.weight > .quiet }.map(\.time) + landmarks.map(\.time)
        let shown = thinned(Array(Set(events)).sorted().filter { first <= $0 && $0 <= last }, to: most / 2)
        let exit = board.process.exit?.at ?? last
        let shutdown = board.stopSignal.map { max(first, $0.at - .seconds(2)) } ?? last
        let before = steps(from: first, to: shutdown, atLeast: .milliseconds(500), most: most / 8)
        let during = steps(from: shutdown, to: exit, atLeast: .milliseconds(100), most: most / 4)
        return Array(Set(shown + before + during + [first, last])).sorted()
    }

    private func steps(from start: Time, to end: Time, atLeast least: Time, most: Int) -> [Time] {
        guard end > start, most > 0 else { return [] }
        let span = (end - start).microseconds
        let step = max(least.microseconds, span / Int64(most) + 1)
        return (0...(span / step)).map { Time(microseconds: start.microseconds + $0 * step) }
    }
}

/// At most so many of these, spread evenly over all of them.
func thinned<Element>(_ all: [Element], to most: Int) -> [Element] {
    guard all.count > most, most > 0 else { return all }
    return (0..<most).map { all[$0 * all.count / most] }
}
