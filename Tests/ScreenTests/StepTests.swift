import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

/// A step on the timeline.
@Suite(.timeLimit(.minutes(20))) struct `A step` {
    /// A drain of 0.3 s: signal at 21 s, over at 21.3 s, the run at 24 s.
    private func stride(_ position: Double, forward: Bool) -> Time {
        var transport = Transport(
            .recording, position: .seconds(position), end: .seconds(24), motion: .still, event: 1, events: 9,
            isOver: true)
        transport.signals = [.seconds(21)]
        transport.phases = [.seconds(0.2), .seconds(21.1), .seconds(21.3)]
        return Situation(
            board: .draining, now: .seconds(position), size: Size(columns: 80, rows: 24), transport: transport
        ).stride(forward: forward)
    }

    @Test func `lands in a shutdown, and goes through it by tenths`() {
        #expect(stride(24, forward: false) == .seconds(2.7))
        #expect(stride(21.32, forward: false) == .milliseconds(50), "no step of a moment behind the end")
        #expect(stride(21.3, forward: false) == .milliseconds(30))
        #expect(stride(21.01, forward: false) == .milliseconds(10))
        #expect(stride(21, forward: false) == .seconds(5))
        #expect(stride(20, forward: true) == .seconds(1))
        #expect(stride(21, forward: true) == .milliseconds(30))
        #expect(stride(21.3, forward: true) == .seconds(5))
    }
}
