/// A moment since the start of a run, or a span between two moments, in whole microseconds.
///
/// Every process of a run reads the same CLOCK_MONOTONIC, so moments from the server, the clients and the
/// supervisor can be compared without skew. Nothing below the experiment reads a clock: time arrives in events
/// and as an argument.
public struct Time: Hashable, Comparable, Sendable {
    /// Microseconds; negative only for something that happened before the start of the run.
    public var microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static let zero = Time(microseconds: 0)

    /// A span of so many seconds, rounded to microseconds and clamped to what fits.
    public static func seconds(_ seconds: Double) -> Time {
        let scaled = (seconds * 1_000_000).rounded()
        guard scaled.isFinite else { return .zero }
        return Time(microseconds: Int64(min(max(scaled, -9.0e18), 9.0e18)))
    }

    /// A span of so many milliseconds.
    public static func milliseconds(_ milliseconds: Int64) -> Time {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000)
        return Time(microseconds: overflow ? (milliseconds < 0 ? .min : .max) : product)
    }

    /// The same span in seconds.
    public var seconds: Double { Double(microseconds) / 1_000_000 }

    /// The same span in milliseconds.
    public var milliseconds: Double { Double(microseconds) / 1_000 }

    public static func < (left: Time, right: Time) -> Bool { left.microseconds < right.microseconds }
    public static func + (left: Time, right: Time) -> Time {
        let (sum, overflow) = left.microseconds.addingReportingOverflow(right.microseconds)
        return Time(microseconds: overflow ? (right.microseconds < 0 ? .min : .max) : sum)
    }
    public static func - (left: Time, right: Time) -> Time {
        let (rest, overflow) = left.microseconds.subtractingReportingOverflow(right.microseconds)
        return Time(microseconds: overflow ? (right.microseconds < 0 ? .max : .min) : rest)
    }
    public static func += (left: inout Time, right: Time) { left = left + right }
}
