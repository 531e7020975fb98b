public import ShutdownTrace

/// The gate at which a person holds a server between two steps of its shutdown.
///
/// While it is held, the server's own limits do not run, and the supervisor's grace period is stretched by that time.
public struct Gate: Hashable, Sendable {
    /// Since when it is held; nil while it goes on.
    public internal(set) var heldSince: Time?
    /// The step that it waits, or last waited, before: "the listener closes".
    public internal(set) var boundary = ""
    /// The times for which it was held and that are over, in their order; at most ``longestList``.
    private(set) var holds: [Range<Time>] = []

    static let longestList = 256

    public var isHeld: Bool { heldSince != nil }

    /// For how long it was held between two moments.
    public func held(from start: Time, to end: Time) -> Time {
        let over = holds.reduce(Time.zero) { $0 + Self.overlap($1.lowerBound, $1.upperBound, start, end) }
        return over + (heldSince.map { Self.overlap($0, max($0, end), start, end) } ?? .zero)
    }

    private static func overlap(_ from: Time, _ to: Time, _ start: Time, _ end: Time) -> Time {
        max(.zero, min(to, end) - max(from, start))
    }

    mutating func hold(before boundary: String, at time: Time) {
        heldSince = time
        self.boundary = boundary
    }

    mutating func release(at time: Time) {
        guard let since = heldSince else { return }
        heldSince = nil
        guard holds.count < Self.longestList else { return }
        holds.append(since..<max(since, time))
    }
}

extension Board {
    /// How long a limit has run that began at `start`: the time for which the server was held does not count.
    func used(since start: Time, at now: Time) -> Time { now - start - gate.held(from: start, to: now) }

    mutating func takeGate(_ event: Event) {
        switch event.kind {
        case .gateHeld:
            guard !gate.isHeld, !process.isGone else { return reject(event, "held already, or gone") }
            gate.hold(before: event.fields.string(.name) ?? "the next step", at: event.time)
        case .gateReleased:
            guard gate.isHeld else { return reject(event, "was not held") }
            gate.release(at: event.time)
        default: break
        }
    }
}
