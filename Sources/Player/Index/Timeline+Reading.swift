internal import ShutdownBoard
package import ShutdownTrace
internal import Synchronization

/// Opening a timeline, and adding events to it.
extension Timeline {
    /// Opens a recorded run and begins to read it; its first events are known when this returns.
    ///
    /// The file is followed: what another process appends appears, and a file that it truncates is read anew. A pipe or
    /// a terminal device is copied as by ``init(following:sizes:wake:)``.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - sizes: How finely the run is indexed.
    ///   - wake: Called on any thread when there is news, once until ``takeNews()``.
    /// - Throws: `RecordingError` for a file that cannot be opened, a folder, or a compressed file.
    package convenience init(
        contentsOf path: String, sizes: Sizes = Sizes(), wake: @escaping @Sendable () -> Void = {}
    ) throws(RecordingError) {
        let (descriptor, isStream) = try RecordingFile.open(path)
        if isStream {
            try self.init(following: descriptor, sizes: sizes, wake: wake)
            return
        }
        self.init(RecordingFile(taking: descriptor), isFile: true, sizes: sizes, wake: wake)
        if file.read(0..<2) == [0x1F, 0x8B] {
            throw RecordingError("\(path) is compressed. Try: zcat \(path) | drainboard watch -")
        }
        beginReading()
        follow(path)
    }

    /// Follows a stream, such as standard input, to its end.
    ///
    /// Its bytes are copied into a nameless file, so memory does not grow with them. A descriptor of a regular file is
    /// read from its beginning instead.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; the timeline closes it.
    ///   - sizes: How finely the run is indexed.
    ///   - wake: Called on any thread when there is news, once until ``takeNews()``.
    /// - Throws: `RecordingError` where nothing can be kept for scrubbing.
    package convenience init(
        following descriptor: Int32, sizes: Sizes = Sizes(), wake: @escaping @Sendable () -> Void = {}
    ) throws(RecordingError) {
        if RecordingFile.isFile(descriptor) {
            self.init(RecordingFile(taking: descriptor), isFile: true, sizes: sizes, wake: wake)
            beginReading()
            return
        }
        self.init(try RecordingFile.temporary(), isFile: false, sizes: sizes, wake: wake)
        copy(descriptor)
    }

    /// A live run, which ``append(_:)`` tells.
    ///
    /// - Parameters:
    ///   - wake: Called on any thread when there is news, once until ``takeNews()``.
    ///   - sizes: How finely the run is indexed.
    /// - Throws: `RecordingError` where nothing can be kept for scrubbing.
    package convenience init(
        live wake: @escaping @Sendable () -> Void = {}, sizes: Sizes = Sizes()
    ) throws(RecordingError) {
        self.init(try RecordingFile.temporary(), isFile: false, sizes: sizes, wake: wake)
        state.withLock { $0.isCaughtUp = true }
    }

    private func beginReading() {
        let indexer = indexer.withLock { $0 }
        indexer.readFirst(self)
        indexer.start(self)
    }

    /// Adds lines that a live run has just told.
    package func append(_ lines: [TraceLine]) {
        var chunk = Chunk()
        for line in lines { chunk.append(line.item) }
        let bytes = lines.flatMap(\.bytes)
        state.withLock { state in
            let end = state.index.bytes
            do throws(RecordingError) { try file.write(bytes, at: end) } catch {
                state.index.problems.add(error.description)
            }
            state.index.add(chunk, at: end..<end + bytes.count)
        }
        announce()
    }

    /// Tells that nothing more comes: the live run is over, or the input has ended.
    package func finish() {
        let isIdle = state.withLock { state in
            state.isOpen = false
            return state.isCaughtUp
        }
        if isIdle { arrive(indexer.withLock { $0 }) }
        announce()
    }

    /// Adds a chunk that the indexer decoded.
    func add(_ chunk: Chunk, at range: Range<Int>, from indexer: Indexer) {
        state.withLock { state in
            guard state.generation == indexer.generation else { return }
            state.isCaughtUp = false
            state.torn = nil
            state.index.add(chunk, at: range)
        }
        announce()
    }

    /// Notes that everything that is there has been read.
    func arrive(_ indexer: Indexer) {
        guard !indexer.isTruncated else { return readAnew(indexer) }
        let isOpen = isOpen
        let tail = isOpen ? nil : indexer.tail { !$0.events.isEmpty || !$0.isTorn }
        state.withLock { state in
            guard state.generation == indexer.generation else { return }
            state.isCaughtUp = true
            state.torn = nil
            if let (chunk, range) = tail {
                if chunk.isTorn, chunk.events.isEmpty {
                    let line = state.index.lines + 1
                    state.torn = "line \(line): torn: the writer ended in the middle of it (\(range.count) bytes)"
                } else {
                    state.index.add(chunk, at: range)
                }
            }
            if state.index.lines == 0, !state.isOpen, state.torn == nil { state.torn = "the trace is empty" }
        }
        announce()
    }

    /// Looks whether the file has grown or shrunk.
    func lookAgain() {
        let indexer = indexer.withLock { $0 }
        if indexer.isTruncated { readAnew(indexer) } else { indexer.start(self) }
    }

    private func readAnew(_ old: Indexer) {
        old.stop()
        let next = Indexer(file, chunkSize: sizes.chunk, generation: old.generation + 1)
        let isFirst = indexer.withLock { current in
            guard current.generation == old.generation else { return false }
            current = next
            return true
        }
        guard isFirst else { return }
        state.withLock { state in
            state.index = TimelineIndex(sizes)
            state.index.problems.add("the file was truncated while it was open, and is read anew")
            state.generation = next.generation
            state.isCaughtUp = false
        }
        next.start(self)
        announce()
    }
}
