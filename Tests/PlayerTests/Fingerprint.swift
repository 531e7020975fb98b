import ShutdownBoard
import ShutdownTrace

/// What two boards have in common when they have seen the same events.
struct Fingerprint: Equatable {
    var count: Int
    var time: Time
    var header: Header?
    var phase: Phase
    var inFlight: [Int: Lane]
    var recent: [Lane]
    var settled: [Lane]
    var lost: [Lane]
    var fates: [Fate: Int]
    var perSecond: [Int]
    var median: Time?
    var ledger: Ledger
    var feed: [Feed.Line]
    var forgotten: Int
    var anomalies: [Anomaly: Int]
    var missing: [Source: Int]
    var track: [Station]
    var signals: [Signal]
    var openSockets: [Int: Time]

    init(_ board: Board) {
        (count, time, header, phase) = (board.eventCount, board.time, board.header, board.phase)
        (inFlight, recent) = (board.requests.inFlight, board.requests.recent.map { $0 })
        (settled, lost) = (board.requests.settled, board.requests.lost)
        (fates, perSecond) = (board.traffic.fates, board.traffic.perSecond)
        median = board.traffic.percentile(50)
        ledger = board.ledger
        (feed, forgotten) = (board.feed.lines.map { $0 }, board.feed.forgotten)
        (anomalies, missing) = (board.anomalies.counts, board.anomalies.missing)
        track = Explainer(board, at: board.time).track
        signals = board.signals.sent.map(\.signal)
        openSockets = board.websockets.open
    }
}
