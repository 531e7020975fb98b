import Screen
import ShutdownBoard
import ShutdownTrace

/// Walks through a recording, event by event and tenth by tenth of a second, and holds each picture against the claims.
struct Hunter {
    static let sizes = [
        Size(columns: 80, rows: 24), Size(columns: 120, rows: 36), Size(columns: 60, rows: 15),
        Size(columns: 40, rows: 12),
        Size(columns: 200, rows: 60),
    ]

    private(set) var pictures = 0
    private(set) var checks = 0
    /// Contradictions by claim: how often, and the first one in words.
    private(set) var found: [String: (count: Int, first: String)] = [:]
    private let claims: [Claim]

    init(_ claims: [Claim] = Claim.all) { self.claims = claims }

    mutating func hunt(_ run: Recorded) {
        var board = Board()
        board.apply(run.header)
        var tick = Time.zero
        for (index, event) in run.events.enumerated() {
            while tick < event.time {
                look(run, index, board, max(tick, board.time), Self.sizes)
                tick += .milliseconds(100)
            }
            board.apply(event)
            look(run, index + 1, board, board.time, [Self.sizes[index % Self.sizes.count]])
            if index % 4 == 0 { pose(run, index + 1, board) }
        }
        look(run, run.events.count, board, board.time + .seconds(1), Self.sizes)
    }

    private mutating func look(_ run: Recorded, _ event: Int, _ board: Board, _ now: Time, _ sizes: [Size]) {
        for size in sizes {
            let looks = sizes.count == 1 ? [Picture.Look.allCases[event % 3]] : Picture.Look.allCases
            for look in looks { check(Picture(run, event, board, now, look, size)) }
        }
    }

    /// One of the other pictures of this moment.
    private mutating func pose(_ run: Recorded, _ event: Int, _ board: Board) {
        let poses = Picture.Pose.allCases
        let size = Self.sizes[event / 4 % Self.sizes.count]
        let look = Picture.Look.allCases[event / 4 % 3]
        check(Picture(run, event, board, board.time, look, size, poses[1 + event / 4 % (poses.count - 1)]))
    }

    private mutating func check(_ picture: Picture) {
        pictures += 1
        for claim in claims {
            checks += 1
            guard let contradiction = claim.contradiction(picture) else { continue }
            let place =
                "\(picture.run.name) event \(picture.event) at \(picture.now.decimals(3)) \(picture.look.rawValue) "
                + "\(picture.size.columns)x\(picture.size.rows): \(contradiction)"
            found[claim.name, default: (0, place)].count += 1
        }
    }
}
