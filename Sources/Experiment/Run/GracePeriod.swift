import ShutdownTrace

/// The supervisor's grace period: from the first signal that asks the server to stop to SIGKILL.
///
/// The clock stands still while the server is held at a gate, if the server was told to hold.
struct GracePeriod: Hashable, Sendable {
    private(set) var length: Time
    /// When the period is over, not counting the time for which the server is held now; nil before the signal.
    private var deadline: Time?
    private var heldSince: Time?
    /// The server was told to hold; without that, its report that it is held is ignored.
    var mayBeHeld = false

    init(_ length: Time) { self.length = length }

    /// When the server is killed; nil before the signal, and while the clock stands still.
    var expiry: Time? { heldSince == nil ? deadline : nil }

    // Each change returns whether it made a difference.

    mutating func begin(at time: Time) -> Bool {
        guard deadline == nil else { return false }
        deadline = time + length
        return true
    }

    mutating func hold(at time: Time) -> Bool {
        guard mayBeHeld, heldSince == nil else { return false }
        heldSince = time
        return true
    }

    /// The clock goes on with the time that was left.
    mutating func release(at time: Time) -> Bool {
        guard let since = heldSince else { return false }
        heldSince = nil
        deadline = deadline.map { $0 + max(.zero, time - max(since, $0 - length)) }
        return true
    }

    mutating func setLength(_ new: Time) -> Bool {
        deadline = deadline.map { $0 + new - length }
        length = new
        return true
    }
}
