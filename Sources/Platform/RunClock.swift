import Glibc
package import ShutdownTrace

/// The run's clock: CLOCK_MONOTONIC, which every process of the machine shares, counted from the start of the run.
package struct RunClock: Sendable {
    /// CLOCK_MONOTONIC at `t` 0.
    package let origin: Time
    /// The wall clock at `t` 0, in whole milliseconds since 1970.
    package let started: Int64

    package init() {
        origin = Self.read(CLOCK_MONOTONIC)
        started = Self.read(CLOCK_REALTIME).microseconds / 1_000
    }

    /// Since the start of the run.
    package var now: Time { Self.read(CLOCK_MONOTONIC) - origin }

    /// The same moment on this clock, when `time` was counted from `other`.
    package func rebase(_ time: Time, from other: Time) -> Time { time + (other - origin) }

    /// The wall clock at the start in RFC 3339, UTC, with milliseconds.
    package var rfc3339: String { Self.stamp(started, "%Y-%m-%dT%H:%M:%S") + "Z" }

    /// The same as part of a file name: without colons.
    package var fileStamp: String { Self.stamp(started, "%Y-%m-%dT%H-%M-%S") + "Z" }

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

    private static func read(_ id: clockid_t) -> Time {
        var time = timespec()
        clock_gettime(id, &time)
        return Time(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    private static func stamp(_ milliseconds: Int64, _ format: String) -> String {
        var seconds = time_t(milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, format, &parts)
        let digits = String(milliseconds % 1_000)
        return String(decoding: text[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
            + "." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
