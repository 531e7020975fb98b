internal import ShutdownBoard
internal import ShutdownTrace
internal import Synchronization

/// One reader's place in a timeline: the last board that it saw and the last chunk that it decoded.
///
/// Most moves are short, so most of them cost only the events between.
struct Cursor: Sendable {
    private var generation = 0
    private var board: Board?
    private var chunk: (range: Range<Int>, content: Chunk)?

    /// The way from a board to a later one: copied under the timeline's lock, and walked outside of it.
    private struct Route {
        var start: Board
        var segments: ArraySlice<TimelineIndex.Segment>
        var generation: Int
    }

    /// The board after so many events, or after as many as there are.
    mutating func board(after count: Int, in timeline: Timeline) -> Board {
        forget(unless: timeline.generation)
        guard let route = route(to: count, in: timeline) else { return timeline.head }
        var board = route.start
        for segment in route.segments {
            let chunk = read(segment, timeline)
            chunk.fold(
                into: &board, from: board.eventCount - segment.firstEvent, upTo: count - segment.firstEvent)
        }
        self.board = board
        return board
    }

    /// The route from the nearest board before; nil for the end, which is the timeline's head.
    private func route(to count: Int, in timeline: Timeline) -> Route? {
        let mine = board
        return timeline.state.withLock { state in
            let index = state.index
            guard count < index.count, let keyframe = index.keyframes.last(before: max(0, count)) else { return nil }
            let target = index.segment(of: max(0, count))
            var start = keyframe.board
            var first = keyframe.segment
            if let mine, mine.eventCount <= count, mine.eventCount > start.eventCount {
                start = mine
                first = index.segment(of: mine.eventCount)
            }
            return Route(
                start: start, segments: index.segments[first...max(first, target)], generation: state.generation)
        }
    }

    /// The event with an index from 0; nil when there is none.
    mutating func event(_ index: Int, in timeline: Timeline) -> Event? {
        let segment = timeline.state.withLock { state in
            (0..<state.index.count).contains(index) ? state.index.segments[state.index.segment(of: index)] : nil
        }
        guard let segment else { return nil }
        let events = read(segment, timeline).events
        let place = index - segment.firstEvent
        return events.indices.contains(place) ? events[place] : nil
    }

    /// How many events have happened by a moment: those before the run's time passes it.
    mutating func count(at time: Time, in timeline: Timeline) -> Int {
        let place: (TimelineIndex.Segment, before: Time)? = timeline.state.withLock { state in
            let index = state.index
            return index.segment(passing: time).map { (index.segments[$0], index.end(before: $0)) }
        }
        guard let (segment, before) = place else { return timeline.count }
        var now = before
        let events = read(segment, timeline).events
        let index = events.firstIndex { event in
            now = max(now, event.time)
            return now > time
        }
        return segment.firstEvent + (index ?? events.count)
    }

    /// The run's time after so many events.
    mutating func time(after count: Int, in timeline: Timeline) -> Time {
        guard count > 0 else { return .zero }
        let place: (TimelineIndex.Segment, before: Time)? = timeline.state.withLock { state in
            let index = state.index
            guard count < index.count else { return nil }
            let segment = index.segment(of: count - 1)
            return (index.segments[segment], index.end(before: segment))
        }
        guard let (segment, before) = place else { return timeline.end }
        return read(segment, timeline).events.prefix(count - segment.firstEvent).reduce(before) { max($0, $1.time) }
    }

    private mutating func read(_ segment: TimelineIndex.Segment, _ timeline: Timeline) -> Chunk {
        forget(unless: timeline.generation)
        if let chunk, chunk.range == segment.range { return chunk.content }
        let content = Chunk(timeline.file.read(segment.range))
        chunk = (segment.range, content)
        return content
    }

    private mutating func forget(unless generation: Int) {
        guard self.generation != generation else { return }
        self = Cursor()
        self.generation = generation
    }
}
