/// How far a run has come for its clients; both parts only go forward.
struct TrafficStage: Hashable, Sendable {
    /// The first signal that asks the server to stop.
    enum Signal: Comparable, Sendable {
        case none
        /// The signal is about to be sent: its consequences may be seen before the report of it.
        case imminent
        case sent
    }

    /// Whether clients may begin something new.
    enum Flow: Comparable, Sendable {
        case open
        /// No new client arrives; what is open stays.
        case closed
        case serverGone
    }

    private(set) var signal = Signal.none
    private(set) var flow = Flow.open

    var isSignalled: Bool { signal == .sent }
    var isClosed: Bool { flow >= .closed }
    var isOver: Bool { flow == .serverGone }

    /// Returns whether this is a step forward; otherwise nothing changes.
    @discardableResult
    mutating func advance(to next: Signal) -> Bool {
        guard next > signal else { return false }
        signal = next
        return true
    }

    mutating func advance(to next: Flow) { flow = max(flow, next) }
}
