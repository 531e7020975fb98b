internal import ShutdownBoard
internal import ShutdownTrace

/// All that is known of a run so far: where its pieces lie, the board at its end, and boards on the way there.
struct Reel: Sendable {
    /// Where one piece lies, and what came before it.
    struct Stretch: Sendable {
        var range: Range<Int>
        var firstEvent: Int
        var firstLine: Int
        /// The run's time after it.
        var end: Time
    }

    /// How a run is cut; tests try odd ones.
    struct Cut: Sendable {
        /// Bytes of a piece, about: some hundred events, decoded in less than a millisecond.
        var piece = 1 << 16
        /// Events between two kept boards: what a seek folds at most, in some milliseconds.
        var spacing = 4_096
        /// Bytes of kept boards.
        var memory = 144 << 20
    }

    private(set) var stretches: [Stretch] = []
    private(set) var head = Board()
    private(set) var keyframes: Keyframes
    private(set) var surveyor = Surveyor()
    var problems = Problems()
    private(set) var lines = 0
    private let cut: Cut

    init(_ cut: Cut) {
        self.cut = cut
        keyframes = Keyframes(spacing: cut.spacing, limit: cut.memory)
    }

    var count: Int { head.eventCount }

    /// Bytes that are indexed.
    var bytes: Int { stretches.last?.range.upperBound ?? 0 }

    /// Adds the piece that follows.
    mutating func add(_ piece: Piece, at range: Range<Int>) {
        open(range)
        for other in piece.others {
            if case .problem(let text) = other.content { problems.add(line: lines + other.line + 1, text) }
        }
        if lines == 0, piece.others.first?.line != 0, !piece.events.isEmpty {
            problems.add("line 1: no header; title, limits and grace period are not known")
        }
        let firstLine = lines + 1
        // Moved out and back, so that the closure shares nothing with the head.
        var watch = (surveyor: surveyor, problems: problems)
        (surveyor, problems) = (Surveyor(), Problems())
        piece.fold(into: &head, upTo: piece.events.count) { event, index, board in
            watch.surveyor.look(event, &board)
            watch.problems.look(&board, line: firstLine + piece.lineOfEvent[index])
        }
        (surveyor, problems) = watch
        lines += piece.lines
        problems.lookForGaps(head, lines: firstLine..<lines + 1)
        stretches[stretches.count - 1].end = head.time
    }

    /// Begins a stretch, or makes the last one longer while it is short, as those of a live run are.
    private mutating func open(_ range: Range<Int>) {
        let isDue = keyframes.isDue(head)
        if !isDue, let last = stretches.last, last.range.count + range.count <= cut.piece,
            last.range.upperBound == range.lowerBound
        {
            stretches[stretches.count - 1].range = last.range.lowerBound..<range.upperBound
            return
        }
        if isDue { keyframes.keep(head, before: stretches.count) }
        stretches.append(Stretch(range: range, firstEvent: count, firstLine: lines, end: head.time))
    }

    /// The stretch in which the event with this index lies, or would come to lie.
    func stretch(of event: Int) -> Int {
        max(0, stretches.partitioningIndex { $0.firstEvent > event } - 1)
    }

    /// The stretch in which the run's time passes a moment; nil when it never does.
    func stretch(passing time: Time) -> Int? {
        let index = stretches.partitioningIndex { $0.end > time }
        return index < stretches.count ? index : nil
    }
}
