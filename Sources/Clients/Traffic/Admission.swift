/// Clients that the balancer admitted, counted by how far they are; each counter returns to 0.
struct Admission: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case admitted
        case connecting
        /// Without what the client came for, pauses between two attempts included.
        case visiting
        /// On a connection of its own, as part of the steady stream.
        case newcomer
    }

    private var counts: [Step: Int] = [:]
    /// When newcomers come; nil before the first.
    var schedule: NewcomerSchedule?

    /// A server that accepts and never answers collects newcomers; this many are enough.
    static let mostNewcomers = 1_000

    var isCrowded: Bool { self[.newcomer] >= Self.mostNewcomers }
    var isEveryoneConnected: Bool { self[.admitted] + self[.connecting] == 0 }

    subscript(step: Step) -> Int { counts[step, default: 0] }

    mutating func enter(_ step: Step) { counts[step, default: 0] += 1 }

    mutating func leave(_ step: Step) { counts[step] = self[step] > 1 ? self[step] - 1 : nil }
}
