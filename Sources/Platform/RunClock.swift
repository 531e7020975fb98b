package import ShutdownTrace
internal import Synchronization

/// The run's clock: CLOCK_MONOTONIC, which every process of the machine shares, counted from the start of the run.
package struct RunClock: Sendable {
    /// CLOCK_MONOTONIC at `t` 0.
    package let origin: Time
    /// The wall clock at `t` 0, UTC; some milliseconds later where several runs begin at once.
    private let started: CivilTime

    package init() {
        origin = Clock.now()
        started = CivilTime(sinceEpoch: Self.distinct(Clock.sinceEpoch()))
    }

    /// A millisecond that no other clock of this process has: recordings are called by it.
    private static func distinct(_ microseconds: Int64) -> Int64 {
        latest.withLock { latest in
            latest = max(microseconds, latest + 1_000)
            return latest
        }
    }

    private static let latest = Mutex<Int64>(0)

    /// Since the start of the run.
    package var now: Time { Clock.now() - origin }

    /// The same moment on this clock, when `time` was counted from `other`.
    package func rebase(_ time: Time, from other: Time) -> Time { time + (other - origin) }

    /// The wall clock at the start in RFC 3339, UTC, with milliseconds.
    package var rfc3339: String { started.rfc3339(decimals: 3) }

    /// The same as part of a file name: without colons.
    package var fileStamp: String { started.rfc3339(decimals: 3, colon: "-") }

    /// Sleeps for so long by CLOCK_MONOTONIC, or until the task is cancelled.
    ///
    /// - Throws: `CancellationError`.
    package func sleep(_ span: Time) async throws { try await sleep(until: now + span) }

    /// Sleeps until a moment of this clock, so that a chain of sleeps does not drift.
    ///
    /// - Throws: `CancellationError`.
    package func sleep(until moment: Time) async throws {
        let left = moment - now
        guard left > .zero else { return try Task.checkCancellation() }
        // SuspendingClock is CLOCK_MONOTONIC on Linux.
        try await Task.sleep(for: .microseconds(left.microseconds), tolerance: .zero, clock: .suspending)
    }
}
