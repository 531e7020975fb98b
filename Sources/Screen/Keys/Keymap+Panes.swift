internal import ShutdownBoard
internal import ShutdownTrace

/// The keys that choose a pane and a lane, and let one pane fill the screen.
extension Keymap {
    static let paneKeys: [Binding] = [
        Binding(
            [.tab, .backTab], "Tab", "the next pane; a lesson's sliders come first", yields: 4,
            label: { view, now in
                if now.isNarrow { return view.sliderCount > 1 ? .init("slider") : nil }
                return view.isZoomed ? nil : .init("pane")
            }, works: { $1.showsEvents($0) },
            why: { _, _ in "the verdict fills the screen, v shows the panes" }
        ) { view, now, key in
            view.chooseNext(by: key == .tab ? 1 : -1, now)
            return nil
        },
        Binding(
            [.character("z")], "z", "let the chosen pane, or else the lanes, fill the screen", yields: 4,
            label: { view, _ in view.isZoomed ? nil : .init("zoom") }, works: { $1.showsEvents($0) },
            why: { _, _ in "the verdict fills the screen, v shows the panes" }
        ) { view, _, _ in
            view.isZoomed.toggle()
            return nil
        },
        Binding(
            [.character("b")], "b", "large letters, to be read from afar, or the panes again", yields: 5,
            label: { view, _ in view.isBig ? .init("panes") : nil }
        ) { view, _, _ in
            view.isBig.toggle()
            return nil
        },
    ]

    static let zoomedKeys: [Binding] = [
        Binding(
            [.escape, .character("z")], "Esc", "back to all panes, while one fills the screen", yields: -2,
            label: { _, _ in .init("all panes", "back") },
            works: { view, now in view.isZoomed && now.showsEvents(view) }
        ) { view, _, _ in
            view.isZoomed = false
            return nil
        }
    ]

    static let laneKeys: [Binding] = [
        Binding(
            [.enter], "Enter", "everything that is known of the chosen request", yields: -1,
            label: { _, _ in .init("all of it", "open") },
            works: { view, now in view.chosenLane != nil && now.showsEvents(view) },
            why: { view, now in
                now.showsEvents(view)
                    ? "choose a request first, by a click or by Tab and ↑↓" : "v shows the panes first"
            }
        ) { view, _, _ in
            view.overlay = view.chosenLane.map { .request(id: $0, scroll: 0) }
            return nil
        },
        Binding(
            [.down, .up, .pageDown, .pageUp], "↑↓", "choose a lane, while the lanes are chosen",
            yields: -1,
            label: { _, _ in .init("choose") },
            works: { view, now in view.focus == .lanes && now.showsEvents(view) && now.hasAnotherLane(view) },
            why: { view, _ in view.focus == .lanes ? "there is no other lane" : nil }
        ) { view, now, key in
            view.chooseLane(key, now)
            return nil
        },
    ]
}

extension Situation {
    /// Whether there is a lane that is not chosen yet.
    func hasAnotherLane(_ view: View) -> Bool { lanes(view).contains { $0.id != view.chosenLane } }

    func laneRows(_ view: View) -> Int {
        let layout = view.layout(self)
        let rows = layout[.lanes]?.rows ?? 0
        if layout.kind == .words, layout.zoomed == nil { return max(1, rows) }
        return max(1, rows - (rows >= 6 ? 3 : 2))
    }

    func lanes(_ view: View) -> [Lane] { LaneRows.all(Scene(board, view, now, Capabilities())) }
}

extension View {
    mutating func chooseNothing() {
        focus = nil
        chosenLane = nil
        lanesTop = 0
    }

    /// Chooses the next slider or pane, or the one before; behind the last one, none.
    fileprivate mutating func chooseNext(by step: Int, _ situation: Situation) {
        let panes =
            layout(situation.size, situation.board).zoomed == nil
            ? layout(situation).panes : DashboardLayout(situation.size, content(situation.board)).panes
        let sliders = situation.isPresent ? max(1, sliderCount) : 1
        let count = sliders + panes.count
        let slider = (chosenSlider % sliders + sliders) % sliders
        let place = focus.flatMap { panes.firstIndex(of: $0) }.map { sliders + $0 } ?? slider
        let next = (place + step + count) % count
        focus = next < sliders ? nil : panes[next - sliders]
        if next < sliders { chosenSlider = next }
        if focus != .lanes { chosenLane = nil }
    }

    /// Chooses another lane and brings it on the screen.
    fileprivate mutating func chooseLane(_ key: Key, _ situation: Situation) {
        let lanes = situation.lanes(self)
        let rows = situation.laneRows(self)
        let now = chosenLane.flatMap { id in lanes.firstIndex { $0.id == id } }
        let wanted =
            switch key {
            case .up: now.map { $0 - 1 } ?? 0
            case .down: now.map { $0 + 1 } ?? 0
            case .pageUp: (now ?? 0) - rows
            default: (now ?? 0) + rows
            }
        guard !lanes.isEmpty else { return }
        let chosen = min(max(0, wanted), lanes.count - 1)
        chosenLane = lanes[chosen].id
        let shown = LaneRows(Scene(situation.board, self, situation.now, Capabilities()), rows: rows).lanes
        guard !shown.contains(where: { $0.id == lanes[chosen].id }) else { return }
        lanesTop = chosen < lanesTop ? chosen : max(0, chosen - rows + 1)
    }

    /// Scrolls the lanes where there are more than rows.
    mutating func scrollLanes(by count: Int, _ situation: Situation) {
        let last = max(0, situation.lanes(self).count - situation.laneRows(self))
        lanesTop = min(max(0, min(lanesTop, last) + count), last)
    }
}
