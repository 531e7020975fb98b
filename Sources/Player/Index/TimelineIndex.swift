internal import ShutdownBoard
internal import ShutdownTrace

/// All that is known of a run so far: where its segments lie, the board at its end, and boards on the way there.
struct TimelineIndex: Sendable {
    /// Where one chunk lies in the file, and what came before it.
    struct Segment: Sendable {
        var range: Range<Int>
        var firstEvent: Int
        var firstLine: Int
        /// The run's time after it.
        var end: Time
    }

    private(set) var segments: [Segment] = []
    private(set) var head = Board()
    private(set) var keyframes: Keyframes
    private(set) var landmarkRecorder = LandmarkRecorder()
    var problems = Problems()
    private(set) var lines = 0
    private let sizes: Timeline.Sizes

    init(_ sizes: Timeline.Sizes) {
        self.sizes = sizes
        keyframes = Keyframes(spacing: sizes.spacing, limit: sizes.memory)
    }

    var count: Int { head.eventCount }

    /// Bytes that are indexed.
    var bytes: Int { segments.last?.range.upperBound ?? 0 }

    /// Adds the chunk that follows.
    mutating func add(_ chunk: Chunk, at range: Range<Int>) {
        open(range)
        for other in chunk.others {
            if case .problem(let text) = other.content { problems.add(line: lines + other.line + 1, text) }
        }
        if lines == 0, chunk.others.first?.line != 0, !chunk.events.isEmpty {
            problems.add("line 1: no header; title, limits and grace period are not known")
        }
        let firstLine = lines + 1
        // The closure writes to these two while the fold writes to the head, and access to `self` is exclusive. They are
        // moved, because a copy of their arrays would cost time with each chunk.
        var recorder = LandmarkRecorder()
        var found = Problems()
        swap(&recorder, &landmarkRecorder)
        swap(&found, &problems)
        chunk.fold(into: &head, upTo: chunk.events.count) { event, index, board in
            recorder.look(event, &board)
            found.look(&board, line: firstLine + chunk.lineOfEvent[index])
        }
        swap(&recorder, &landmarkRecorder)
        swap(&found, &problems)
        lines += chunk.lines
        problems.lookForGaps(head, lines: firstLine..<lines + 1)
        segments[segments.count - 1].end = head.time
    }

    /// Begins a segment, or makes the last one longer while it is short, as those of a live run are.
    private mutating func open(_ range: Range<Int>) {
        let isDue = keyframes.isDue(head)
        if !isDue, let last = segments.last, last.range.count + range.count <= sizes.chunk,
            last.range.upperBound == range.lowerBound
        {
            segments[segments.count - 1].range = last.range.lowerBound..<range.upperBound
            return
        }
        if isDue { keyframes.keep(head, before: segments.count) }
        segments.append(Segment(range: range, firstEvent: count, firstLine: lines, end: head.time))
    }

    /// The run's time before a segment.
    func end(before segment: Int) -> Time { segment > 0 ? segments[segment - 1].end : .zero }

    /// The segment in which the event with this index lies, or would come to lie.
    func segment(of event: Int) -> Int {
        max(0, segments.partitioningIndex { $0.firstEvent > event } - 1)
    }

    /// The segment in which the run's time passes a moment; nil when it never does.
    func segment(passing time: Time) -> Int? {
        let index = segments.partitioningIndex { $0.end > time }
        return index < segments.count ? index : nil
    }
}
