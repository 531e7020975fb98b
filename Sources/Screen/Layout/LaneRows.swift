internal import ShutdownBoard
internal import ShutdownTrace

/// The requests that have a row: those in flight, the oldest first, then those that ended, the latest first.
struct LaneRows {
    private(set) var lanes: [Lane]
    /// How many requests in flight have no row.
    private(set) var moreRunning: Int
    /// How many requests that were in flight at the signal and ended have no row.
    private(set) var moreEnded: Int

    /// An ended request keeps its row for so long; one that was in flight at the signal keeps it while there is room.
    static let stay = Time.seconds(4)

    init(_ scene: Scene, rows: Int) {
        let requests = scene.board.requests
        let top = max(0, min(scene.view.lanesTop, Self.deepest))
        let isScrolled = top > 0
        let ended = Self.ended(scene, limit: rows + top)
        // At the top some rows are kept for those that ended; further down all follow each other.
        let reserved = isScrolled ? 0 : min(ended.count, rows / 4)
        let oldest = requests.oldest(max(0, rows + top - reserved))
        let last = ended.prefix(max(0, rows + top - oldest.count))
        let first = min(top, max(0, oldest.count + last.count - rows))
        let running = oldest.dropFirst(first)
        let kept = last.dropFirst(max(0, first - oldest.count))
        lanes = Array(running + kept)
        moreRunning = requests.inFlight.count - running.count
        moreEnded = max(0, requests.settled.count - kept.count(where: \.wasInFlightAtSignal))
    }

    /// The number of requests without a row, in words; empty where each has one.
    var more: String {
        switch (moreRunning, moreEnded) {
        case (0, 0): ""
        case (let running, 0): "\(running.grouped) more"
        case (0, let ended): "\(ended.grouped) more ended"
        case (let running, let ended): "\(running.grouped) more, \(ended.grouped) ended"
        }
    }

    /// Lanes to which a person can scroll.
    private static let deepest = 10_000

    /// All lanes in their order, as far as a person can scroll.
    static func all(_ scene: Scene) -> [Lane] {
        scene.board.requests.oldest(deepest) + ended(scene, limit: Requests.mostRecent)
    }

    private static func ended(_ scene: Scene, limit: Int) -> [Lane] {
        var lanes: [Lane] = []
        let recent = scene.board.requests.recent
        // After the exit the payments in bad cells come first.
        let bad = scene.badPayments.isEmpty ? [] : recent.reversed().filter { scene.isBad($0) }
        lanes = Array(bad.prefix(limit))
        for lane in recent.reversed() where bad.isEmpty || !scene.isBad(lane) {
            guard lanes.count < limit else { break }
            guard let end = lane.end else { continue }
            if lane.wasInFlightAtSignal || scene.now - end.at < stay { lanes.append(lane) }
        }
        return lanes
    }
}

extension PaymentFlaw {
    /// In a lane, in at most nine columns.
    fileprivate var lanes: String {
        switch self {
        case .lost: "LOST"
        case .denied: "CHARGED"
        case .ambiguous: "in doubt"
        case .twice: "TWICE"
        }
    }
}

/// How one request looks at this moment: a glyph, a word, a colour.
struct LaneLook {
    var mark: String
    var word: String
    /// In at most nine columns, still unlike every other.
    var shortWord: String
    var style: Style
    /// Whether nothing is to be said of it but that it runs.
    var isPlain = false

    init(_ lane: Lane, _ scene: Scene) {
        let glyphs = scene.glyphs
        if scene.isBad(lane), let cell = scene.badPayments[lane.order ?? -1] {
            mark = glyphs.failed
            word = cell.lanes
            shortWord = word
            style = Style(.loss, .bold)
            return
        }
        guard let end = lane.end else {
            mark = glyphs.running
            guard lane.serverDoneAt == nil else {
                word = "being read"
                shortWord = "reading"
                style = Style(.flight)
                return
            }
            (word, style, isPlain) = Self.running(lane, scene)
            shortWord = word
            return
        }
        word = end.fate == .answered ? lane.status.map(String.init) ?? "answered" : end.fate.words
        shortWord =
            switch end.fate {
            case .resetEarly: "rst early"
            case .brokenPipe: "pipe brk"
            case .connectTimedOut: "no conn"
            default: word
            }
        switch end.fate {
        case .answered, .unmarked: (mark, style) = (glyphs.good, Style(.faint))
        case .unavailable, .refused, .resetEarly, .connectTimedOut, .notTaken:
            mark = glyphs.quiesced
            style = Style(.risk)
        case .failed, .closedUnanswered, .resetUnanswered, .cut, .garbled, .timedOut, .brokenPipe:
            mark = glyphs.failed
            style = Style(.loss)
        }
    }

    private static func running(_ lane: Lane, _ scene: Scene) -> (String, Style, isPlain: Bool) {
        if lane.cancelledAt != nil { return ("given up", Style(.loss), false) }
        if scene.isAtRisk, scene.explainer.isAtRisk(lane) { return ("at risk", Style(.risk, .bold), false) }
        if lane.answeringAt != nil { return ("answering", Style(.flight), false) }
        return lane.chargedAt == nil ? ("running", Style(.flight), true) : ("charged", Style(.flight), false)
    }
}
