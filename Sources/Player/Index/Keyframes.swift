internal import ShutdownBoard

/// Boards that were kept on the way, so that no seek folds a run from its beginning.
///
/// A board shares its storage with the next one until that one changes, so a kept board costs only what has changed
/// since: mostly the requests in flight and the lines of the feed. When the boards need too much memory, every second
/// one is dropped, and a seek takes twice as long.
struct Keyframes: Sendable {
    struct Entry: Sendable {
        var segment: Int
        var board: Board
        fileprivate var weight: Int
    }

    private(set) var entries: [Entry] = []
    /// At least so many events lie between two of them.
    private(set) var spacing: Int
    private var weight = 0
    private let limit: Int

    /// - Parameters:
    ///   - spacing: Events between two, to begin with.
    ///   - limit: Approximate bytes that all of them may hold.
    init(spacing: Int, limit: Int) {
        self.spacing = max(1, spacing)
        self.limit = limit
    }

    /// Whether a board is worth keeping: where very many requests are in flight, copying them costs as much as folding
    /// as many events.
    func isDue(_ board: Board) -> Bool {
        guard let last = entries.last else { return true }
        return board.eventCount - last.board.eventCount >= max(spacing, board.requests.inFlight.count)
    }

    /// Keeps the board that the events before this segment made.
    mutating func keep(_ board: Board, before segment: Int) {
        let entry = Entry(segment: segment, board: board, weight: board.weight)
        entries.append(entry)
        weight += entry.weight
        while weight > limit, entries.count > 2 { thin() }
    }

    private mutating func thin() {
        spacing *= 2
        entries = entries.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        weight = entries.reduce(0) { $0 + $1.weight }
    }

    /// The last one that has seen no more than so many events.
    func last(before count: Int) -> Entry? {
        let index = entries.partitioningIndex { $0.board.eventCount > count }
        return index > 0 ? entries[index - 1] : nil
    }
}

extension Board {
    /// Approximate bytes that a kept copy holds.
    fileprivate var weight: Int {
        let lane = MemoryLayout<Lane>.stride
        // A dictionary has a third more places than it takes entries.
        let inFlight = (lane + MemoryLayout<Int>.stride) * requests.inFlight.capacity * 4 / 3
        let others = requests.recent.count + requests.settled.count + requests.lost.count
        return (24 << 10) + inFlight + others * lane + feed.lines.count * MemoryLayout<Feed.Line>.stride
    }
}

extension Array {
    /// The index of the first element for which `isBehind` holds, where it holds for all after that one.
    func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
