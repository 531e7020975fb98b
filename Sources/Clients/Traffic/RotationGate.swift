import Platform
import ShutdownTrace

/// The balancer's decision whether clients go to the server, and a count of the clients that went elsewhere.
struct RotationGate: Sendable {
    let entered = OneShotEvent()
    private(set) var isOpen = false
    private var diverted = 0
    private var told = Time.zero

    /// At most two reports a second, however many clients go elsewhere.
    private static let distance = Time.seconds(0.5)

    mutating func set(open: Bool) {
        isOpen = open
        if open { entered.fire() }
    }

    /// Counts a client that goes elsewhere; returns the number to report once a report is due.
    mutating func divert(at now: Time) -> Int? {
        diverted += 1
        return now - told >= Self.distance ? takeDiverted(at: now) : nil
    }

    /// The clients that went elsewhere since the last report; nil when there were none.
    mutating func takeDiverted(at now: Time) -> Int? {
        guard diverted > 0 else { return nil }
        defer { diverted = 0 }
        told = now
        return diverted
    }
}
