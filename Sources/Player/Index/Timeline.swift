package import ShutdownBoard
package import ShutdownTrace
internal import Synchronization

/// All moments of one run, whether it is recorded, comes over a pipe, or is still being made.
///
/// The bytes lie in a file, the run's own or a nameless one. Threads in the background decode and fold them once, and
/// keep boards on the way, so that the board of any moment costs one keyframe and the few thousand events after it.
/// What is known grows while a reader already looks. All methods are safe on every thread.
package final class Timeline: Sendable {
    /// How finely a run is indexed.
    package struct Sizes: Sendable {
        /// Approximate bytes of a chunk: some hundred events, decoded in less than a millisecond.
        package var chunk: Int
        /// Events between two kept boards, as many as a seek folds at most, in some milliseconds.
        package var spacing: Int
        /// Bytes of kept boards.
        package var memory: Int

        package init(chunk: Int = 1 << 16, spacing: Int = 4_096, memory: Int = 144 << 20) {
            self.chunk = chunk
            self.spacing = spacing
            self.memory = memory
        }
    }

    /// What can change in the background, guarded as a whole.
    struct State: Sendable {
        var index: TimelineIndex
        /// Whether more may come: the file is followed, the pipe is open, the live run goes on.
        var isOpen: Bool
        /// Whether everything that is there has been read.
        var isCaughtUp = false
        /// A sentence about the last line, while it is torn.
        var torn: String?
        /// Counts how often the run was read anew because its file was truncated.
        var generation = 0
        /// Whether the owner was woken since it last looked.
        var isNews = true
    }

    /// The file that is watched for growth, or the pipe that is copied; ends with the timeline.
    let watcher = Mutex<DescriptorWatcher?>(nil)
    let state: Mutex<State>
    let file: RecordingFile
    let indexer: Mutex<Indexer>
    let sizes: Sizes
    private let wake: @Sendable () -> Void
    /// Whether this is a recorded run, with no clock that goes on.
    package let isFile: Bool

    init(_ file: RecordingFile, isFile: Bool, sizes: Sizes, wake: @escaping @Sendable () -> Void) {
        self.file = file
        self.isFile = isFile
        self.sizes = sizes
        self.wake = wake
        state = Mutex(State(index: TimelineIndex(sizes), isOpen: !isFile))
        indexer = Mutex(Indexer(file, chunkSize: sizes.chunk))
    }

    deinit {
        close()
    }

    /// Tells the owner once that there is news, until it has looked.
    func announce() {
        let isFirst = state.withLock { state in
            defer { state.isNews = true }
            return !state.isNews
        }
        if isFirst { wake() }
    }

    /// Whether anything changed since the last call; the next change wakes the owner again.
    package func takeNews() -> Bool {
        state.withLock { state in
            defer { state.isNews = false }
            return state.isNews
        }
    }

    /// Events that are known so far.
    package var count: Int { state.withLock { $0.index.count } }

    /// The time of the last event that is known; while the file is read, later events may come.
    package var end: Time { state.withLock { $0.index.head.time } }

    /// The board after everything that is known.
    package var head: Board { state.withLock { $0.index.head } }

    /// Whether more may come.
    package var isOpen: Bool { state.withLock { $0.isOpen } }

    /// How much of the file is read: 0...1.
    package var progress: Double {
        let (bytes, isDone) = state.withLock { ($0.index.bytes, $0.isCaughtUp) }
        let size = file.size
        return isDone || size == 0 ? 1 : min(1, Double(bytes) / Double(size))
    }

    /// Whether everything that is there has been read, so that every moment can be reached.
    package var isCaughtUp: Bool { state.withLock { $0.isCaughtUp } }

    /// What is wrong with the trace: "line 12: not a JSON object", the first hundred, and then how many more.
    package var problems: [String] {
        state.withLock { state in
            let problems = state.index.problems
            let more = problems.more == 0 ? nil : "and \(problems.more) more"
            return problems.sentences + [state.torn, more].compactMap { $0 }
        }
    }

    /// New phases and signals, in order; at most some thousands.
    package var landmarks: [Landmark] { state.withLock { $0.index.landmarkRecorder.landmarks } }

    /// Spans of at least a second without an event, in order.
    package var gaps: [Gap] { state.withLock { $0.index.landmarkRecorder.gaps } }

    /// Values of one moment, for a reader that needs them to agree.
    var snapshot: (head: Board, isOpen: Bool, gaps: [Gap], generation: Int) {
        state.withLock { ($0.index.head, $0.isOpen || !$0.isCaughtUp, $0.index.landmarkRecorder.gaps, $0.generation) }
    }

    /// Rises when the run is read anew: whatever a reader kept of it is void.
    var generation: Int { state.withLock { $0.generation } }

    /// Ends the work in the background, and keeps what was read.
    package func close() {
        indexer.withLock { $0.stop() }
        let old = watcher.withLock { watcher in
            defer { watcher = nil }
            return watcher
        }
        old?.stop()
    }
}
