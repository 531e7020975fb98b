import ShutdownBoard
import ShutdownTrace

/// What became of a run, read from all of its events without the board: what the picture of each moment is held against.
struct Outcome: Sendable {
    /// A request from its client's first step to its fate.
    struct Request: Sendable {
        var id: Int
        /// The number of its first event, counted from 1, and its time.
        var start: (event: Int, time: Time)
        /// The number of the event that told its fate; nil where none did.
        var end: (event: Int, time: Time, fate: Fate)?
        /// When the server said that it had handed over the last byte of the answer.
        var handedOver: (event: Int, time: Time)?
        /// The instance that answered; nil where nobody said so.
        var instance: Int?
    }

    private(set) var requests: [Request] = []
    /// When the first signal that asks the server to stop was sent.
    private(set) var signal: (event: Int, time: Time)?
    private(set) var exit: (event: Int, time: Time)?
    /// When the balancer sent nobody there any more.
    private(set) var leftRotation: (event: Int, time: Time)?
    private(set) var listenerClosed: (event: Int, time: Time)?
    /// The number of the event that ended the run.
    private(set) var end: Int?
    private(set) var hasDeploy = false
    /// Longer texts that the server or the system wrote: commands, printed lines, causes.
    private(set) var foreign: Set<String> = []

    init(_ events: [Event]) {
        var open: [Int: Int] = [:]
        for (index, event) in events.enumerated() {
            for entry in event.fields.entries {
                if case .string(let text) = entry.value, text.count >= 8 { foreign.insert(text) }
            }
            guard let payload = try? event.payload else { continue }
            let place = (event: index + 1, time: event.time)
            switch payload {
            case .request(.started(let request)) where event.source == .client:
                open[request.id] = requests.count
                requests.append(Request(id: request.id, start: place))
            case .request(.finished(let request)):
                guard let index = open.removeValue(forKey: request.id) else { break }
                requests[index].end = (place.event, place.time, request.fate)
                requests[index].instance = event.namedInstance
            case .request(.handedOver(let id, _, _)):
                if let index = open[id] { requests[index].handedOver = requests[index].handedOver ?? place }
            case .signal(.sent(let sent)) where event.instance == 1:
                if signal == nil, sent.by == .check || sent.signal.asksToStop { signal = place }
            case .process(.exited) where event.instance == 1: exit = exit ?? place
            case .balancer(.rotationLeft) where event.instance == 1: leftRotation = leftRotation ?? place
            case .connection(.listenerClosed) where event.instance == 1: listenerClosed = listenerClosed ?? place
            case .run(.ended): end = place.event
            case .deploy: hasDeploy = true
            default: break
            }
        }
    }

    /// Requests that have begun and whose fate is not told yet, after so many events.
    func open(after event: Int) -> [Request] {
        requests.filter { $0.start.event <= event && $0.end.map { $0.event > event } ?? true }
    }
}
