internal import Dispatch
internal import ShutdownTrace
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Decodes a run on several threads, and folds it in order.
///
/// Each thread takes the next slice, decodes it, and leaves the chunk. One of the threads folds all chunks that are next
/// in line, while the others go on decoding; a bounded number of chunks is ahead of the fold. Without work there is no
/// thread.
final class Indexer: Sendable {
    private struct Splitting: Sendable {
        var splitter: ChunkSplitter
        var workers = 0
        var isStopped = false
    }

    /// Decoded chunks in front of the fold.
    private struct FoldQueue: Sendable {
        var chunks: [Int: (Chunk, Range<Int>)] = [:]
        var next = 0
        var isFolding = false
    }

    /// Which reading of the run this is: a truncated file is read anew, by a new indexer.
    let generation: Int
    private let file: RecordingFile
    private let chunkSize: Int
    private let splitting: Mutex<Splitting>
    private let queue = Mutex(FoldQueue())
    /// Lets only so many chunks be ahead of the fold.
    private let ahead = DispatchSemaphore(value: 32)
    private static let threads = DispatchQueue(
        label: "drainboard.indexer", qos: .userInitiated, attributes: .concurrent)
    private static let mostWorkers = max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    init(_ file: RecordingFile, chunkSize: Int, generation: Int = 0) {
        self.file = file
        self.chunkSize = chunkSize
        self.generation = generation
        splitting = Mutex(Splitting(splitter: ChunkSplitter(size: chunkSize, longestLine: TraceReader.longestLine)))
    }

    /// Reads the bytes that are not read yet, in the background.
    func start(_ timeline: Timeline) {
        let count = splitting.withLock { splitting in
            guard !splitting.isStopped else { return 0 }
            let chunks = (file.size - splitting.splitter.offset) / chunkSize + 1
            let count = max(0, min(Self.mostWorkers, chunks) - splitting.workers)
            splitting.workers += count
            return count
        }
        for _ in 0..<count {
            Self.threads.async { [weak timeline, self] in
                // The timeline is held for one chunk at a time, so that it is freed once no reader needs it.
                while let timeline, readChunk(timeline) {}
            }
        }
    }

    /// Reads one chunk here and now, so that the first frame has something to show.
    func readFirst(_ timeline: Timeline) {
        splitting.withLock { $0.workers += 1 }
        if readChunk(timeline) { splitting.withLock { $0.workers -= 1 } }
    }

    /// Reads nothing more.
    func stop() {
        splitting.withLock { $0.isStopped = true }
    }

    /// Reads, decodes and, where it is its turn, folds a chunk; false, and one worker less, when nothing is left.
    private func readChunk(_ timeline: Timeline) -> Bool {
        ahead.wait()
        var isLast = false
        let slice: ChunkSplitter.Slice? = splitting.withLock { splitting in
            if !splitting.isStopped, let slice = splitting.splitter.next(file) { return slice }
            splitting.workers -= 1
            isLast = splitting.workers == 0 && !splitting.isStopped
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

    private func deliver(_ slice: ChunkSplitter.Slice, to timeline: Timeline) {
        let chunk = Chunk(slice)
        let isMyTurn = queue.withLock { queue in
            queue.chunks[slice.number] = (chunk, slice.range)
            defer { queue.isFolding = true }
            return !queue.isFolding
        }
        guard isMyTurn else { return }
        while let (chunk, range) = nextInLine() {
            timeline.add(chunk, at: range, from: self)
            ahead.signal()
        }
    }

    private func nextInLine() -> (Chunk, Range<Int>)? {
        queue.withLock { queue in
            guard let next = queue.chunks.removeValue(forKey: queue.next) else {
                queue.isFolding = false
                return nil
            }
            queue.next += 1
            return next
        }
    }

    /// The bytes behind the last newline, when all before them is read.
    ///
    /// - Parameter isWanted: Whether the chunk becomes part of what is read.
    /// - Returns: The chunk and where it lies; nil where there are no such bytes.
    func tail(_ isWanted: (Chunk) -> Bool) -> (chunk: Chunk, range: Range<Int>)? {
        splitting.withLock { splitting in
            var splitter = splitting.splitter
            guard let slice = splitter.tail(file) else { return nil }
            let chunk = Chunk(slice)
            if isWanted(chunk) {
                splitting.splitter = splitter
                queue.withLock { $0.next += 1 }
            }
            return (chunk, slice.range)
        }
    }

    /// Whether the file is shorter than what was read of it.
    var isTruncated: Bool { splitting.withLock { file.size < $0.splitter.offset } }
}

extension Chunk {
    fileprivate init(_ slice: ChunkSplitter.Slice) {
        if slice.bytes.isEmpty { self.init(problem: Self.tooLong) } else { self.init(slice.bytes) }
    }
}
