package import ShutdownBoard
package import ShutdownTrace

/// What a screen shows of one run, live or recorded, and the keys that move it.
///
/// One thread owns a player. Work in the background wakes that thread through the timeline, and ``update(at:)`` shows
/// its result. Times called `now` are CLOCK_MONOTONIC in microseconds.
package struct Player {
    package let timeline: Timeline
    package private(set) var playhead: Playhead
    package private(set) var marks: Marks
    /// Where the screen stands.
    package private(set) var position = Playhead.Position(time: .zero, count: 0)
    /// The board there.
    package private(set) var board = Board()
    private var view: TimelineView
    private var generation = 0

    /// Shows a run.
    ///
    /// - Parameters:
    ///   - timeline: The run.
    ///   - recording: The file it is recorded in, beside which marks are kept.
    ///   - clock: CLOCK_MONOTONIC at the run's zero, for a live run on this machine; nil guesses it from when the
    ///     events of a stream arrive.
    package init(_ timeline: Timeline, recording: String? = nil, clock: Time? = nil) {
        self.timeline = timeline
        playhead = Playhead(pinned: timeline.isOpen)
        marks = Marks(of: recording)
        view = TimelineView(timeline, clock: clock)
    }

    /// Shows what happened in the background, and moves on.
    ///
    /// - Parameter now: The present.
    /// - Returns: Whether the screen has something new to show.
    @discardableResult
    package mutating func update(at now: Time) -> Bool {
        let isNews = timeline.takeNews()
        let old = position
        if isNews {
            // A screen that stands at the end of a file that grows stays at its end.
            let isAtEnd = timeline.isFile && view.count > 0 && position.count >= view.count && !playhead.isPlaying
            view.refresh(at: now)
            if isAtEnd, view.count > position.count { playhead.pin(on: &view) }
        }
        position = playhead.tick(at: now, on: &view)
        if position.count != old.count || view.cursorGeneration != generation || isNews {
            generation = view.cursorGeneration
            board = view.board(after: position.count)
        }
        return isNews || position != old
    }

    /// Does what a key asks, and moves on.
    package mutating func perform(_ move: Move, at now: Time) {
        update(at: now)
        playhead.perform(
            move, at: now, on: &view, landmarks: timeline.landmarks, marks: marks.positions)
        update(at: now)
    }

    /// Marks the place where the screen stands, or takes its mark away.
    ///
    /// - Throws: `RecordingError` when the mark cannot be kept in a file.
    package mutating func toggleMark() throws(RecordingError) { try marks.toggle(position) }

    /// Whether the picture moves by itself.
    ///
    /// The end of a run that goes on moves with its clock until the server is gone.
    package var isMoving: Bool {
        switch playhead.motion {
        case .still: false
        case .playing: true
        case .pinned: !timeline.isFile && !board.process.isGone
        }
    }
}

/// A timeline as one reader sees it: with a cursor, and numbers that change only when the reader looks.
struct TimelineView: Track {
    private let timeline: Timeline
    private var cursor = Cursor()
    private(set) var count = 0
    private(set) var end = Time.zero
    private(set) var isOpen = false
    private(set) var gaps: [Gap] = []
    private(set) var cursorGeneration = 0
    private var head = Board()
    private let clock: Time?
    /// The viewer's clock at the run's zero, as far as the events that came tell.
    private var guess: Time?

    init(_ timeline: Timeline, clock: Time?) {
        self.timeline = timeline
        self.clock = clock
        isOpen = timeline.isOpen
    }

    /// Brings the numbers up to date.
    mutating func refresh(at now: Time) {
        let old = count
        let snapshot = timeline.snapshot
        head = snapshot.head
        isOpen = snapshot.isOpen
        gaps = snapshot.gaps
        cursorGeneration = snapshot.generation
        count = head.eventCount
        end = head.time
        // The event that came with the least delay gives the best guess of the run's clock.
        if count > old { guess = min(guess ?? now - end, now - end) }
    }

    func present(at now: Time) -> Time? {
        isOpen && !timeline.isFile ? (clock ?? guess).map { now - $0 } : nil
    }

    mutating func count(at time: Time) -> Int { min(count, cursor.count(at: time, in: timeline)) }

    mutating func time(after count: Int) -> Time { cursor.time(after: count, in: timeline) }

    mutating func board(after count: Int) -> Board {
        count >= self.count ? head : cursor.board(after: count, in: timeline)
    }
}
