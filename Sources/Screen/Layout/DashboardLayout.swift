internal import ShutdownBoard
internal import ShutdownTrace

/// The place of each part of the dashboard on a screen of some size.
///
/// Rows are given out by priority: a part gets its least height only when every part before it in ``Part`` has its own.
/// Rows that are left over go to the parts that can use them.
struct DashboardLayout: Hashable, Sendable {
    /// The parts of the dashboard, the most important first.
    enum Part: Int, Hashable, Sendable, CaseIterable {
        case heading, footer, countdown, lanes, release, ledger, traffic, events, track, holding, family, deploy,
            sliders,
            timeline
    }

    /// Parts that only some runs have.
    struct Content: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let timeline = Content(rawValue: 1)
        static let sliders = Content(rawValue: 2)
        static let deploy = Content(rawValue: 4)
        /// The server tells nothing of itself: its processes are shown in the place of the release and the ledger.
        static let outside = Content(rawValue: 8)
        /// The picture is one of two: the keys stand below both.
        static let part = Content(rawValue: 16)
        /// The server tells of its resources, and has no payments.
        static let noLedger = Content(rawValue: 32)
    }

    /// How much room the screen has.
    enum Class: Hashable, Sendable {
        /// Lines of words without panes.
        case words
        /// Panes below one another.
        case narrow
        /// Panes in two columns.
        case compact
        /// Panes in two columns, with room between them.
        case full
    }

    let kind: Class
    /// The one pane that has the place of all.
    let zoomed: Part?
    private(set) var rects: [Part: Rect] = [:]
    /// From below the countdown to above the footer: the place of the verdict.
    private(set) var body: Rect

    /// - Parameters:
    ///   - size: The extent of the screen.
    ///   - content: What else there is to show, where there is room for it.
    ///   - zoomed: A pane that fills the screen below the first lines.
    init(_ size: Size, _ content: Content = [], zoomed: Part? = nil) {
        kind = Self.kind(size)
        self.zoomed = zoomed
        body = Rect(size)
        let bands = zoomed.map { Self.bands(zooming: $0, content) } ?? Self.bands(kind, content)
        let heights = Self.heights(bands, rows: size.rows)
        var row = 0
        for (band, height) in zip(bands, heights) {
            let rect = Rect(row: row, column: 0, rows: height, columns: size.columns)
            row += height
            place(band, rect, content)
        }
        let top = rects[.heading]?.bottom ?? 0
        let bottom = (rects[.timeline] ?? rects[.footer])?.row ?? size.rows
        // The verdict takes the place of the second line too.
        let first = kind == .words ? min(1, top) : top
        body = Rect(row: first, column: 0, rows: bottom - first - (kind == .full ? 1 : 0), columns: size.columns)
    }

    static func kind(_ size: Size) -> Class {
        if size.columns >= 100, size.rows >= 30 { return .full }
        if size.columns >= 72, size.rows >= 16 { return .compact }
        if size.columns >= 48, size.rows >= 15 { return .narrow }
        return .words
    }

    /// One stripe across the screen, in the order from top to bottom.
    private struct Band {
        /// The part in it; nil for a blank row, which comes last.
        var part: Part?
        var least: Int
        /// Its height where there are enough rows.
        var wanted: Int
        /// The part whose priority it has, where it stands in the place of another part.
        var rank: Part?
        /// Its share of the rows that are then left over.
        var stretch = 0
        /// Whether it holds the two columns.
        var isBody = false

        /// Low for the most important.
        var priority: Int { (rank ?? part)?.rawValue ?? .max }
    }

    private static func bands(_ kind: Class, _ content: Content) -> [Band] {
        var bands = bands(kind)
        if content.contains(.outside) {
            bands = bands.compactMap { band in
                switch band.part {
                case .release: Band(part: .holding, least: 1, wanted: 1, rank: .release)
                case .ledger: nil
                default: band
                }
            }
        }
        if content.contains(.noLedger) {
            bands = bands.map { $0.part == .ledger ? Band(part: .holding, least: 1, wanted: 1, rank: .ledger) : $0 }
        }
        if content.contains(.timeline) { bands.insert(Band(part: .timeline, least: 1, wanted: 1), at: bands.count - 1) }
        // The words have no countdown: the parts below it follow the heading.
        let below = bands.lastIndex { [.heading, .track, .countdown].contains($0.part) } ?? 0
        if content.contains(.deploy) {
            let rows = kind == .full || kind == .compact ? 3 : 1
            bands.insert(Band(part: .deploy, least: rows, wanted: rows), at: below + 1)
        }
        if content.contains(.sliders) { bands.insert(Band(part: .sliders, least: 1, wanted: 1), at: below + 1) }
        if content.contains(.part) { bands.removeAll { $0.part == .footer } }
        return bands
    }

    private static func bands(zooming part: Part, _ content: Content) -> [Band] {
        let timeline = content.contains(.timeline) ? [Band(part: .timeline, least: 1, wanted: 1)] : []
        return [
            Band(part: .heading, least: 2, wanted: 2), Band(part: part, least: 1, wanted: 1, rank: .lanes, stretch: 1),
        ] + timeline + [Band(part: .footer, least: 1, wanted: 1)]
    }

    private static func bands(_ kind: Class) -> [Band] {
        let blank = Band(part: nil, least: 1, wanted: 1)
        switch kind {
        case .full:
            return [
                Band(part: .heading, least: 2, wanted: 2), blank, Band(part: .track, least: 1, wanted: 1),
                Band(part: .countdown, least: 2, wanted: 2), blank,
                Band(part: .lanes, least: 16, wanted: 18, stretch: 3, isBody: true),
                Band(part: .events, least: 4, wanted: 8, stretch: 1), Band(part: .footer, least: 1, wanted: 1),
            ]
        case .compact:
            return [
                Band(part: .heading, least: 2, wanted: 2), Band(part: .track, least: 1, wanted: 1),
                Band(part: .countdown, least: 1, wanted: 1),
                Band(part: .lanes, least: 7, wanted: 12, stretch: 2, isBody: true),
                Band(part: .events, least: 3, wanted: 6, stretch: 1), Band(part: .footer, least: 1, wanted: 1),
            ]
        case .narrow:
            return [
                Band(part: .heading, least: 2, wanted: 2), Band(part: .track, least: 1, wanted: 1),
                Band(part: .countdown, least: 1, wanted: 1), Band(part: .lanes, least: 3, wanted: 8, stretch: 2),
                Band(part: .release, least: 1, wanted: 1), Band(part: .ledger, least: 1, wanted: 1),
                Band(part: .traffic, least: 1, wanted: 1), Band(part: .events, least: 3, wanted: 5, stretch: 1),
                Band(part: .footer, least: 1, wanted: 1),
            ]
        case .words:
            return [
                Band(part: .heading, least: 2, wanted: 2), Band(part: .lanes, least: 1, wanted: 3, stretch: 2),
                Band(part: .release, least: 1, wanted: 1), Band(part: .ledger, least: 1, wanted: 1),
                Band(part: .traffic, least: 1, wanted: 1), Band(part: .events, least: 1, wanted: 2, stretch: 1),
                Band(part: .footer, least: 1, wanted: 1),
            ]
        }
    }

    private static func heights(_ bands: [Band], rows: Int) -> [Int] {
        var heights = Array(repeating: 0, count: bands.count)
        var left = rows
        let order = bands.indices.sorted {
            (bands[$0].priority, $0) < (bands[$1].priority, $1)
        }
        for index in order {
            guard bands[index].least <= left else { break }
            heights[index] = bands[index].least
            left -= bands[index].least
        }
        for index in order where heights[index] > 0 {
            let more = min(left, bands[index].wanted - heights[index])
            heights[index] += more
            left -= more
        }
        let total = bands.indices.reduce(0) { $0 + (heights[$1] > 0 ? bands[$1].stretch : 0) }
        guard total > 0 else { return heights }
        let surplus = left
        for index in bands.indices where heights[index] > 0 {
            let more = surplus * bands[index].stretch / total
            heights[index] += more
            left -= more
        }
        if let lanes = bands.firstIndex(where: { $0.part == .lanes }), heights[lanes] > 0 { heights[lanes] += left }
        return heights
    }

    private mutating func place(_ band: Band, _ rect: Rect, _ content: Content) {
        guard let part = band.part, rect.rows > 0 else { return }
        if band.isBody { placeBody(rect, content) } else { rects[part] = rect }
    }

    /// At the left the lanes over the traffic, at the right the release stack over the ledger and the blockers.
    ///
    /// For a server that tells nothing, the blockers stand over its processes at the right; for one without payments, the
    /// release stack stands over the blockers.
    private mutating func placeBody(_ rect: Rect, _ content: Content) {
        let isFull = kind == .full
        let columns = min(60, max(26, rect.columns / 3))
        let (left, right) = rect.splitRight(columns)
        let trafficRows = isFull ? 4 : 3
        stack(.lanes, rows: left.rows - trafficRows, over: .traffic, in: left)
        let half = (right.rows + 1) / 2
        if content.contains(.outside) { return stack(.holding, rows: half, over: .family, in: right) }
        if content.contains(.noLedger) { return stack(.release, rows: half, over: .holding, in: right) }
        guard isFull else { return stack(.release, rows: right.rows - 3, over: .ledger, in: right) }
        let holdingRows = min(10, max(3, right.rows - 14))
        let (release, rest) = right.splitTop(right.rows - holdingRows - 5)
        rects[.release] = release
        stack(.ledger, rows: 5, over: .holding, in: rest)
    }

    private mutating func stack(_ top: Part, rows: Int, over bottom: Part, in rect: Rect) {
        let halves = rect.splitTop(rows)
        rects[top] = halves.top
        rects[bottom] = halves.rest
    }

    subscript(part: Part) -> Rect? { rects[part] }

    /// The panes that can be chosen, in their order on the screen: at the left from top to bottom, then at the right.
    var panes: [Part] {
        Self.choosable.filter { rects[$0] != nil || zoomed != nil && $0 == zoomed }
    }

    private static let choosable: [Part] = [.lanes, .traffic, .release, .ledger, .holding, .family, .events]
}

extension View {
    /// The place of each part on this screen.
    func layout(_ situation: Situation) -> DashboardLayout { layout(situation.size, situation.board) }

    func layout(_ size: Size, _ board: Board) -> DashboardLayout {
        let content = content(board)
        let showsVerdict = board.isJudged(in: self) && !showsBoardAfterExit && !board.isReplacing
        guard isZoomed, !showsVerdict else { return DashboardLayout(size, content) }
        let panes = DashboardLayout(size, content).panes
        let part = focus.flatMap { panes.contains($0) ? $0 : nil } ?? .lanes
        return DashboardLayout(size, content, zoomed: part)
    }
}

extension Scene {
    func layout(_ size: Size) -> DashboardLayout { view.layout(size, board) }
}
