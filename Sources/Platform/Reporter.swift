package import ShutdownTrace
import Synchronization

/// What every part of a run tells its events to, from any thread, without ever waiting.
///
/// Events go into one stream in the order in which they arrive; ``EventSequencer`` numbers, records and hands them on.
package struct Reporter: Sendable {
    /// Events on their way to the sequencer, at which lines that the server prints are no longer kept.
    ///
    /// About 100 MB; reading on and dropping is better than to stop the server with a full pipe.
    static let crowd = 300_000

    package let clock: RunClock
    private let backlog = Backlog()
    private let stream: AsyncStream<Event>.Continuation

    package init(clock: RunClock, into stream: AsyncStream<Event>.Continuation) {
        self.clock = clock
        self.stream = stream
    }

    /// Tells of something that happened now, or at `time`.
    ///
    /// - Parameters:
    ///   - payload: What happened.
    ///   - source: Who saw it.
    ///   - time: When; nil for now.
    ///   - instance: The instance that it is about; nil for the server that is judged.
    package func tell(_ payload: Payload, from source: Source, at time: Time? = nil, instance: Int? = nil) {
        pass(Event(payload, from: source, at: time ?? clock.now, instance: instance))
    }

    /// Passes on an event of the server, its number and time already right.
    package func pass(_ event: Event) {
        backlog.count.add(1, ordering: .relaxed)
        stream.yield(event)
    }

    /// The sequencer took one; whether it was the last for now.
    package func taken() -> Bool { backlog.count.subtract(1, ordering: .relaxed).newValue == 0 }

    /// Whether the sequencer is far behind.
    package var isCrowded: Bool { backlog.count.load(ordering: .relaxed) > Self.crowd }

    /// Tells of a fault of the observer itself, as a sentence: what, where, what to do.
    package func fault(_ text: String) { tell(.trace(.faultReported(text)), from: .supervisor) }

    /// Nothing comes after this.
    package func end() { stream.finish() }
}

/// Events that were told and not yet taken.
private final class Backlog: Sendable {
    let count = Atomic(0)
}
