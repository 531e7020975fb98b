/// Clients that the balancer admitted, counted by how far they are; each counter returns to 0.
struct Admission: Hashable, Sendable {
    /// Clients that are admitted and have not begun yet.
    private(set) var waiting = 0
    private(set) var connecting = 0
    /// Clients that do not have what they came for yet, pauses between two attempts included.
    private(set) var visits = 0
    /// Clients on a connection of their own that came in the steady stream.
    private(set) var newcomers = 0
    /// When newcomers come; nil before the first.
    var schedule: NewcomerSchedule?

    /// A server that accepts and never answers collects newcomers; this many are enough.
    static let mostNewcomers = 1_000

    var isCrowded: Bool { newcomers >= Self.mostNewcomers }

    var isEveryoneConnected: Bool { waiting + connecting == 0 }

    mutating func admit() { waiting += 1 }

    mutating func beginVisit() {
        waiting -= 1
        visits += 1
    }

    mutating func endVisit() { visits -= 1 }

    mutating func beginConnecting() { connecting += 1 }

    mutating func endConnecting() { connecting -= 1 }

    /// Returns false when there are enough newcomers.
    mutating func admitNewcomer() -> Bool {
        guard !isCrowded else { return false }
        newcomers += 1
        return true
    }

    mutating func endNewcomer() { newcomers -= 1 }
}
