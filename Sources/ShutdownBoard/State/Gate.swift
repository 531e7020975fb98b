package import ShutdownTrace

/// The gate at which a person holds a server between two steps of its shutdown.
///
/// While it is held, the server's own limits do not run, and the supervisor's grace period is stretched by that time.
package struct Gate: Hashable, Sendable {
    /// Since when it is held; nil while it goes on.
    package internal(set) var heldSince: Time?
    /// The step that it waits, or last waited, before; nil where the server did not name it.
    private var step: ShutdownStep?
    /// The times for which it was held and that are over, in their order; at most ``longestList``.
    private(set) var holds: [Range<Time>] = []

    static let longestList = 256

    package var isHeld: Bool { heldSince != nil }

    /// The step in words: "the listener closes".
    package var boundary: String { step?.rawValue ?? "the next step" }

    /// For how long it was held between two moments.
    package func held(from start: Time, to end: Time) -> Time {
        let over = holds.reduce(Time.zero) { $0 + Self.overlap($1.lowerBound, $1.upperBound, start, end) }
        return over + (heldSince.map { Self.overlap($0, max($0, end), start, end) } ?? .zero)
    }

    private static func overlap(_ from: Time, _ to: Time, _ start: Time, _ end: Time) -> Time {
        max(.zero, min(to, end) - max(from, start))
    }

    mutating func hold(before step: ShutdownStep?, at time: Time) {
        heldSince = time
        self.step = step
    }

    mutating func release(at time: Time) {
        guard let since = heldSince else { return }
        heldSince = nil
        guard holds.count < Self.longestList else { return }
        holds.append(since..<max(since, time))
    }
}
