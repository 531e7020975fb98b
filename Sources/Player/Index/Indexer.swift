internal import Dispatch
internal import ShutdownTrace
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Decodes a run on several threads and folds it on whichever is free, in order.
///
/// Threads take the next slice, decode it, and leave the piece. One of them folds all pieces that are next in line, while
/// the others go on decoding; a bounded number of pieces is ahead of the fold. Without work there is no thread.
final class Indexer: Sendable {
    private struct Cutting: Sendable {
        var carver: Carver
        var workers = 0
        var isStopped = false
    }

    private struct Waiting: Sendable {
        var pieces: [Int: (Piece, Range<Int>)] = [:]
        var next = 0
        var isFolding = false
    }

    /// Which reading of the run this is: a truncated file is read anew, by a new indexer.
    let generation: Int
    private let store: Store
    private let pieceSize: Int
    private let cutting: Mutex<Cutting>
    private let waiting = Mutex(Waiting())
    /// Pieces that may be ahead of the fold.
    private let ahead = DispatchSemaphore(value: 32)
    private static let queue = DispatchQueue(label: "drainboard.indexer", qos: .userInitiated, attributes: .concurrent)
    private static let mostWorkers = max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    init(_ store: Store, pieceSize: Int, generation: Int = 0) {
        (self.store, self.pieceSize, self.generation) = (store, pieceSize, generation)
        cutting = Mutex(Cutting(carver: Carver(size: pieceSize, longestLine: TraceReader.longestLine)))
    }

    /// Reads what is there and not read yet, in the background.
    func start(_ timeline: Timeline) {
        let count = cutting.withLock { cutting in
            guard !cutting.isStopped else { return 0 }
            let pieces = (store.size - cutting.carver.offset) / pieceSize + 1
            let count = max(0, min(Self.mostWorkers, pieces) - cutting.workers)
            cutting.workers += count
            return count
        }
        for _ in 0..<count {
            Self.queue.async { [weak timeline, self] in
                // Held for one piece at a time, so that a timeline that nobody needs any more goes away.
                while let timeline, readPiece(timeline) {}
            }
        }
    }

    /// Reads one piece here and now, so that the first frame has something to show.
    func readFirst(_ timeline: Timeline) {
        cutting.withLock { $0.workers += 1 }
        if readPiece(timeline) { cutting.withLock { $0.workers -= 1 } }
    }

    /// Cuts nothing more.
    func stop() {
        cutting.withLock { $0.isStopped = true }
    }

    /// Cuts, decodes and, where it is its turn, folds; false, and one worker less, when nothing is left.
    private func readPiece(_ timeline: Timeline) -> Bool {
        ahead.wait()
        var isLast = false
        let slice: Carver.Slice? = cutting.withLock { cutting in
            if !cutting.isStopped, let slice = cutting.carver.next(store) { return slice }
            cutting.workers -= 1
            isLast = cutting.workers == 0 && !cutting.isStopped
            return nil
        }
        guard let slice else {
            ahead.signal()
            if isLast { timeline.arrive(self) }
            return false
        }
        deliver(slice, to: timeline)
        return true
    }

    private func deliver(_ slice: Carver.Slice, to timeline: Timeline) {
        let piece = Piece(slice)
        let isMyTurn = waiting.withLock { waiting in
            waiting.pieces[slice.number] = (piece, slice.range)
            defer { waiting.isFolding = true }
            return !waiting.isFolding
        }
        guard isMyTurn else { return }
        while let (piece, range) = nextInLine() {
            timeline.add(piece, at: range, from: self)
            ahead.signal()
        }
    }

    private func nextInLine() -> (Piece, Range<Int>)? {
        waiting.withLock { waiting in
            guard let next = waiting.pieces.removeValue(forKey: waiting.next) else {
                waiting.isFolding = false
                return nil
            }
            waiting.next += 1
            return next
        }
    }

    /// What stands behind the last newline, when all before it is read.
    ///
    /// - Parameter isWanted: Whether it becomes part of what is read, now that it is seen.
    /// - Returns: What stands there, and where; nil for nothing.
    func tail(_ isWanted: (Piece) -> Bool) -> (piece: Piece, range: Range<Int>)? {
        cutting.withLock { cutting in
            var carver = cutting.carver
            guard let slice = carver.tail(store) else { return nil }
            let piece = Piece(slice)
            if isWanted(piece) {
                cutting.carver = carver
                waiting.withLock { $0.next += 1 }
            }
            return (piece, slice.range)
        }
    }

    /// Whether the file is shorter than what was read of it.
    var isTruncated: Bool { cutting.withLock { store.size < $0.carver.offset } }
}

extension Piece {
    fileprivate init(_ slice: Carver.Slice) {
        if slice.bytes.isEmpty { self.init(problem: Self.tooLong) } else { self.init(slice.bytes) }
    }
}
