internal import ShutdownBoard
internal import ShutdownTrace
internal import Synchronization

/// One reader's place in a timeline: the last board it saw and the last piece it decoded.
///
/// Most moves are short, so most of them cost only the events between.
struct Cursor: Sendable {
    private var generation = 0
    private var board: Board?
    private var piece: (range: Range<Int>, content: Piece)?

    /// What is taken from a timeline for one look at it, so that nothing else happens under its lock.
    private struct Route {
        var start: Board
        var stretches: ArraySlice<Reel.Stretch>
        var generation: Int
    }

    /// The board after so many events, or after as many as there are.
    mutating func board(after count: Int, in timeline: Timeline) -> Board {
        forget(unless: timeline.generation)
        guard let route = route(to: count, in: timeline) else { return timeline.head }
        var board = route.start
        for stretch in route.stretches {
            let piece = read(stretch, timeline)
            piece.fold(
                into: &board, from: board.eventCount - stretch.firstEvent, upTo: count - stretch.firstEvent)
        }
        self.board = board
        return board
    }

    /// From the nearest board before; nil for the end, where the head is at hand.
    private func route(to count: Int, in timeline: Timeline) -> Route? {
        let mine = board
        return timeline.state.withLock { state in
            let reel = state.reel
            guard count < reel.count, let keyframe = reel.keyframes.last(before: max(0, count)) else { return nil }
            let target = reel.stretch(of: max(0, count))
            var (start, first) = (keyframe.board, keyframe.stretch)
            if let mine, mine.eventCount <= count, mine.eventCount > start.eventCount {
                (start, first) = (mine, reel.stretch(of: mine.eventCount))
            }
            return Route(
                start: start, stretches: reel.stretches[first...max(first, target)], generation: state.generation)
        }
    }

    /// The event with an index from 0; nil when there is none.
    mutating func event(_ index: Int, in timeline: Timeline) -> Event? {
        let stretch = timeline.state.withLock { state in
            (0..<state.reel.count).contains(index) ? state.reel.stretches[state.reel.stretch(of: index)] : nil
        }
        guard let stretch else { return nil }
        let events = read(stretch, timeline).events
        let place = index - stretch.firstEvent
        return events.indices.contains(place) ? events[place] : nil
    }

    /// How many events have happened by a moment: those before the run's time passes it.
    mutating func count(at time: Time, in timeline: Timeline) -> Int {
        let place: (Reel.Stretch, before: Time)? = timeline.state.withLock { state in
            let reel = state.reel
            return reel.stretch(passing: time).map { index in
                (reel.stretches[index], index > 0 ? reel.stretches[index - 1].end : .zero)
            }
        }
        guard let (stretch, before) = place else { return timeline.count }
        var now = before
        let events = read(stretch, timeline).events
        let index = events.firstIndex { event in
            now = max(now, event.time)
            return now > time
        }
        return stretch.firstEvent + (index ?? events.count)
    }

    /// The run's time after so many events.
    mutating func time(after count: Int, in timeline: Timeline) -> Time {
        guard count > 0 else { return .zero }
        let place: (Reel.Stretch, before: Time)? = timeline.state.withLock { state in
            let reel = state.reel
            guard count < reel.count else { return nil }
            let index = reel.stretch(of: count - 1)
            return (reel.stretches[index], index > 0 ? reel.stretches[index - 1].end : .zero)
        }
        guard let (stretch, before) = place else { return timeline.end }
        return read(stretch, timeline).events.prefix(count - stretch.firstEvent).reduce(before) { max($0, $1.time) }
    }

    private mutating func read(_ stretch: Reel.Stretch, _ timeline: Timeline) -> Piece {
        forget(unless: timeline.generation)
        if let piece, piece.range == stretch.range { return piece.content }
        let content = Piece(timeline.store.read(stretch.range))
        piece = (stretch.range, content)
        return content
    }

    private mutating func forget(unless generation: Int) {
        guard self.generation != generation else { return }
        self = Cursor()
        self.generation = generation
    }
}
