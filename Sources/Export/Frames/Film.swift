package import Screen
internal import ShutdownBoard
package import ShutdownTrace

/// The frames of a run in order, each with its moment; two that follow each other differ.
package struct Film: Hashable, Sendable {
    package struct Shot: Hashable, Sendable {
        /// Since the start of the run.
        package var time: Time
        package var frame: Frame
    }

    package let size: Size
    package internal(set) var shots: [Shot] = []

    package init(size: Size) {
        self.size = size
    }

    /// Adds a frame unless it looks like the one before.
    mutating func append(_ frame: Frame, at time: Time) {
        if shots.last?.frame != frame { shots.append(Shot(time: time, frame: frame)) }
    }

    /// The same film with every second shot left out, but for the first and the last.
    func halved() -> Film {
        var film = self
        let kept = shots.indices.filter { $0 % 2 == 0 || $0 == shots.count - 1 }
        film.shots = kept.map { shots[$0] }
        return film
    }
}

/// Takes a frame at each of some moments while the events of a run go by.
package struct Camera: Sendable {
    private var moments: ArraySlice<Time>
    private var board = Board()
    private var film: Film
    /// Whether no more events come.
    private var isOver = false

    /// Cells that a film holds at most: about 160 MB.
    private static let mostCells = 20_000_000

    /// A camera that is to take frames of this size at these moments, which are in order.
    package init(moments: [Time], size: Size) {
        let cells = max(1, size.columns * size.rows)
        self.moments = thinned(moments, to: max(2, Self.mostCells / cells))[...]
        film = Film(size: size)
    }

    package mutating func apply(_ header: Header) { board.apply(header) }

    /// Takes the frames of the moments before this event, then lets it happen.
    package mutating func apply(_ event: Event) {
        while let moment = moments.first, moment < event.time { shoot(moment) }
        board.apply(event)
    }

    /// Takes the frames that are left, and returns all of them.
    package mutating func finish() -> Film {
        isOver = true
        while let moment = moments.first { shoot(moment) }
        return film
    }

    private mutating func shoot(_ moment: Time) {
        moments.removeFirst()
        let view = View(isLastPicture: isOver)
        film.append(Painter.frame(board: board, view: view, now: moment, size: film.size), at: moment)
    }
}

/// One frame at one moment, of the events up to the first that is later: the frame that a ``Camera`` takes then.
package struct Snapshot: Sendable {
    package let moment: Time
    private let size: Size
    private var board = Board()
    private var isOver = false

    package init(at moment: Time, size: Size) {
        self.moment = moment
        self.size = size
    }

    package mutating func apply(_ header: Header) { board.apply(header) }

    /// Lets the event happen, until one comes that is later than the moment.
    package mutating func apply(_ event: Event) {
        isOver = isOver || event.time > moment
        if !isOver { board.apply(event) }
    }

    package var frame: Frame {
        Painter.frame(board: board, view: View(isLastPicture: !isOver), now: moment, size: size)
    }
}
