import ShutdownTrace

/// What every part of a run tells its events to, from any thread, without ever waiting.
///
/// Events go into one stream in the order in which they arrive; ``Merger`` numbers, records and hands them on.
struct Reporter: Sendable {
    let clock: Clock
    private let stream: AsyncStream<Event>.Continuation

    init(clock: Clock, into stream: AsyncStream<Event>.Continuation) {
        self.clock = clock
        self.stream = stream
    }

    /// Tells of something that happened now, or at `time`.
    func tell(_ kind: EventKind, from source: Source, at time: Time? = nil, _ fields: Fields = [:]) {
        stream.yield(Event(kind, from: source, at: time ?? clock.now, fields))
    }

    /// Passes on an event of the server, its number and time already right.
    func pass(_ event: Event) { stream.yield(event) }

    /// Tells of a fault of the observer itself, as a sentence: what, where, what to do.
    func fault(_ text: String) { tell(.faultReported, from: .supervisor, [.text: .string(text)]) }

    /// Nothing comes after this.
    func end() { stream.finish() }
}
