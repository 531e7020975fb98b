package import DequeModule
package import ShutdownTrace

/// One request on its way, from its client's first byte to its fate.
package struct Lane: Hashable, Sendable, Identifiable {
    package var id: Int
    package var method: String
    /// Without its query.
    package var path: String
    /// What the client does with it.
    package var kind: ClientKind?
    package var order: Int?
    package var startedAt: Time
    /// How long the client asked it to take.
    package var expected: Time?
    /// When the head of the answer came.
    package var answeringAt: Time?
    /// When the server handed over the last byte.
    package var serverDoneAt: Time?
    /// When the payment's row was committed.
    package var chargedAt: Time?
    package var cancelledAt: Time?
    package var status: Int?
    /// Whether it was in flight when the first signal was sent.
    package var wasInFlightAtSignal = false
    /// The instance that served it, where that was told.
    package var instance: Int?
    /// The client's port, where that was told.
    package internal(set) var port: Int?
    package var end: End?
    /// When it was on its connection, where that was told.
    package internal(set) var sentAt: Time?
    /// When the server said that it took it.
    package internal(set) var takenAt: Time?
    /// Why the server gave it up, in its own words.
    package internal(set) var cancelCause: String?
    /// All that its client told of its end.
    package internal(set) var told: RequestEvent.FinishedRequest?
    /// Which of all that were in flight it is, from 1: an id may come again; 0 before it is.
    var number = 0

    package struct End: Hashable, Sendable {
        package var fate: Fate
        package var at: Time
    }

    /// How long it took, or has taken so far.
    package func age(at now: Time) -> Time { (end?.at ?? now) - startedAt }

    /// "817 POST /payments".
    package var label: String { Self.label(id, method, path) }

    static func label(_ id: Int, _ method: String, _ path: String) -> String { "\(id) \(method) \(path)" }
}

extension Lane {
    init(_ request: RequestEvent.StartedRequest, at time: Time) {
        self.init(
            id: request.id, method: request.method, path: Self.withoutQuery(request.path), kind: request.kind,
            order: request.order, startedAt: time, expected: request.expected, port: request.port)
    }

    private static func withoutQuery(_ path: String) -> String {
        guard let mark = path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return path }
        return String(path[..<mark])
    }
}

/// The requests in flight, and those that ended a moment ago.
package struct Requests: Sendable {
    package internal(set) var inFlight: [Int: Lane] = [:]
    /// Begun when nobody listened any more: on their way to a closed door, until something shows that they got in.
    private var outside: [Int: Lane] = [:]
    /// In order of start; ended ones are skipped, and swept now and then.
    private var order: Deque<Start> = []
    /// The latest that ended before the signal, and after it those that are worth a row, oldest first.
    package internal(set) var recent: Deque<Lane> = []
    /// Those that were in flight at the first signal and have ended, in the order of their ends; at most
    /// ``longestList``.
    package internal(set) var settled: [Lane] = []
    /// Those that ended without a whole answer since that signal; at most ``longestList``.
    package internal(set) var lost: [Lane] = []
    /// In flight when the first signal that asks the server to stop was sent.
    package internal(set) var countAtSignal = 0
    /// How many of the requests in flight at the signal ended in each fate.
    package internal(set) var fatesAtSignal: [Fate: Int] = [:]
    /// In flight at the signal, and still waited for when Drainboard ended what was left of the server.
    package internal(set) var givenUp = 0
    /// Requests of a kind that had never succeeded before the signal: their fates say nothing of the shutdown.
    package internal(set) var untried: [ClientKind: Int] = [:]
    /// Kinds of which one was answered whole before the signal.
    private(set) var proven: Set<ClientKind> = []
    /// Whether clients told on which connection each request is.
    var areConnectionsTold = false
    /// When the last whole answer arrived.
    package internal(set) var lastAnswerAt: Time?
    /// How long answered requests took, by kind: the ground of the forecast.
    var durations: [ClientKind?: MeanDuration] = [:]

    static let longestList = 10_000
    package static let mostRecent = 256

    struct MeanDuration: Hashable, Sendable {
        var count = 0
        var total = Time.zero
        mutating func add(_ took: Time) {
            count += 1
            total += took
        }
        var mean: Time { count == 0 ? .zero : Time(microseconds: total.microseconds / Int64(count)) }
    }

    /// The latest request in flight for each order.
    private var carriers: [Int: Int] = [:]
    private var started = 0
    /// Whether the first signal that asks the server to stop was sent.
    private var isSignalled = false

    struct Start: Hashable, Sendable {
        var id: Int
        /// Rises along ``Requests/order``.
        var number: Int
        var isOver = false
    }

    /// In flight, oldest first.
    package func oldest(_ limit: Int) -> [Lane] {
        var lanes: [Lane] = []
        for start in order where !start.isOver {
            guard lanes.count < limit else { break }
            if let lane = inFlight[start.id] { lanes.append(lane) }
        }
        return lanes
    }

    /// In flight at the signal and never in the server's hands: not sent, or pipelined behind its last answer.
    var untaken: Int { fatesAtSignal.total(of: \.isUnsent) }

    /// In flight at the signal, and to be answered.
    var owed: Int { countAtSignal - untaken }

    /// Whether a request of a kind that this server may not take at all failed before one succeeded.
    func isUntried(_ lane: Lane, _ fate: Fate) -> Bool {
        guard let kind = lane.kind, kind == .upload || kind == .pipelined else { return false }
        return !proven.contains(kind) && (fate.isLoss || fate == .failed)
    }

    /// The latest request with this id that is still known: on its way, or one of those that ended last.
    package func known(_ id: Int) -> Lane? {
        underWay(id) ?? recent.last { $0.id == id } ?? settled.last { $0.id == id } ?? lost.last { $0.id == id }
    }

    /// The requests that are known to have carried this order, in the order of their starts.
    package func carriers(of order: Int) -> [Lane] {
        var found: [Int: Lane] = [:]
        for lane in settled where lane.order == order { found[lane.id] = lane }
        for lane in lost where lane.order == order { found[lane.id] = lane }
        for lane in recent where lane.order == order { found[lane.id] = lane }
        for lane in inFlight.values where lane.order == order { found[lane.id] = lane }
        for lane in outside.values where lane.order == order { found[lane.id] = lane }
        return found.values.sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
    }

    func isUnderWay(_ id: Int) -> Bool { inFlight.index(forKey: id) != nil || outside[id] != nil }

    /// A request that has begun and not ended, in flight or outside.
    func underWay(_ id: Int) -> Lane? { inFlight[id] ?? outside[id] }

    /// Notes that a request got in although nobody listened for new ones: on a connection that was there before.
    mutating func enter(_ id: Int) {
        if let lane = outside.removeValue(forKey: id) { begin(lane) }
    }

    /// A request begins; `isOutside` where nobody listens that it could reach.
    mutating func start(_ lane: Lane, isOutside: Bool) {
        if isOutside { outside[lane.id] = lane } else { begin(lane) }
    }

    private mutating func begin(_ lane: Lane) {
        started += 1
        var lane = lane
        lane.number = started
        order.append(Start(id: lane.id, number: started))
        inFlight[lane.id] = lane
        if let paid = lane.order { carriers[paid] = lane.id }
    }

    /// Notes that the payment of an order was committed, on the request that carried it.
    ///
    /// The news may come when its client has already lost the connection.
    mutating func charge(order: Int, at time: Time) {
        if let id = carriers[order] { return update(id) { $0.chargedAt = time } }
        func isCarrier(_ lane: Lane) -> Bool { lane.order == order && lane.startedAt <= time }
        if let index = recent.lastIndex(where: isCarrier) { recent[index].chargedAt = time }
        if let index = settled.lastIndex(where: isCarrier) { settled[index].chargedAt = time }
        if let index = lost.lastIndex(where: isCarrier) { lost[index].chargedAt = time }
    }

    /// Changes a lane where it lies: it is too large to take out and put back for every event.
    mutating func update(_ id: Int, _ change: (inout Lane) -> Void) {
        guard let index = inFlight.index(forKey: id) else { return }
        change(&inFlight.values[index])
    }

    /// Ends a lane and returns when it had started; nil if it never had.
    ///
    /// An answer of another instance (`isOurs` is false) is not what the judged server was busy with. A server that is
    /// not `isTraced` need not take every kind of work.
    mutating func finish(
        _ id: Int, _ told: RequestEvent.FinishedRequest, at time: Time, isOurs: Bool = true, isTraced: Bool = true
    ) -> Time? {
        let fate = told.fate
        guard var lane = inFlight.removeValue(forKey: id) ?? outside.removeValue(forKey: id) else { return nil }
        let isUntried = !isTraced && isUntried(lane, fate)
        if !isSignalled, fate.isWhole, fate != .failed, let kind = lane.kind { proven.insert(kind) }
        if let paid = lane.order, carriers[paid] == id { carriers[paid] = nil }
        lane.end = Lane.End(fate: fate, at: time)
        lane.status = told.status ?? lane.status
        lane.told = told
        if lane.number > 0 { sweep(lane.number) }
        if fate.isWhole {
            if isOurs { lastAnswerAt = max(lastAnswerAt ?? time, time) }
            durations[lane.kind, default: MeanDuration()].add(time - lane.startedAt)
        }
        if lane.wasInFlightAtSignal, isUntried {
            countAtSignal -= 1
            if let kind = lane.kind { untried[kind, default: 0] += 1 }
        } else if lane.wasInFlightAtSignal {
            fatesAtSignal[fate, default: 0] += 1
            if settled.count < Self.longestList { settled.append(lane) }
        }
        if isSignalled, fate.isLoss, !isUntried, lost.count < Self.longestList { lost.append(lane) }
        if recent.count == Self.mostRecent { recent.removeFirst() }
        let start = lane.startedAt
        recent.append(lane)
        return start
    }

    /// Marks what is in flight now as in flight at the signal.
    mutating func markSignal() {
        isSignalled = true
        countAtSignal = inFlight.count
        for id in inFlight.keys { inFlight[id]?.wasInFlightAtSignal = true }
    }

    /// When this request is likely done: from what it was asked to take, or from its kind's average.
    func forecast(_ lane: Lane) -> Time? {
        if let expected = lane.expected { return lane.startedAt + expected }
        guard let known = durations[lane.kind], known.count >= 3 else { return nil }
        return lane.startedAt + known.mean
    }

    /// Takes a request that has ended out of ``order``.
    private mutating func sweep(_ number: Int) {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if order[middle].number < number { low = middle + 1 } else { high = middle }
        }
        if low < order.count { order[low].isOver = true }
        while order.first?.isOver == true { order.removeFirst() }
        if order.count > 64, order.count > 2 * inFlight.count { order.removeAll(where: \.isOver) }
    }
}
