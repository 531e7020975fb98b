import ShutdownTrace

/// A steady stream of clients: one comes in the middle of each period.
struct NewcomerSchedule: Hashable, Sendable {
    let start: Time
    let rate: Int64

    func arrival(_ number: Int64) -> Time { start + Time(microseconds: (number * 2 + 1) * 500_000 / rate) }

    /// How long until the next moment that is far from an arrival; zero when this moment is.
    ///
    /// A connection that is in the accept queue at the signal is lost or not by chance, and a verdict must not depend on that.
    func clearance(at now: Time) -> Time {
        let period = 1_000_000 / rate
        let margin = min(period / 4, 25_000)
        let phase = (now - start).microseconds % period
        let busy = (period / 2 - margin)..<(period / 2 + margin)
        return busy.contains(phase) ? Time(microseconds: busy.upperBound - phase) : .zero
    }
}
