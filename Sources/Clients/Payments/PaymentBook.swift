package import ShutdownTrace

/// What the clients believe of each order, and which orders have a request in flight: one at most for each.
package struct PaymentBook: Sendable {
    package struct Entry: Hashable, Sendable {
        package var belief: PaymentBelief
        package var request: Int

        package init(_ belief: PaymentBelief, request: Int) {
            self.belief = belief
            self.request = request
        }
    }

    package private(set) var entries: [Int: Entry] = [:]
    private var inFlight: Set<Int> = []

    func isInFlight(_ order: Int) -> Bool { inFlight.contains(order) }

    /// A request for the order is sent: until the order is settled its client knows nothing.
    mutating func begin(_ order: Int, request: Int) {
        entries[order] = Entry(.unknown, request: request)
        inFlight.insert(order)
    }

    mutating func end(_ order: Int) { inFlight.remove(order) }

    /// The client has made up its mind; returns the last request of the order.
    mutating func settle(_ order: Int, _ belief: PaymentBelief) -> Int {
        let request = entries[order]?.request ?? 0
        entries[order] = Entry(belief, request: request)
        return request
    }
}
