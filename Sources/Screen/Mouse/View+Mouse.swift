internal import ShutdownBoard
internal import ShutdownTrace

/// What the mouse means: the wheel scrolls what is under it, a click chooses, and no click sends anything to the server.
extension View {
    /// Does what the mouse means over this picture; nothing where there is no target, and with any key held.
    mutating func point(_ mouse: Mouse, _ situation: Situation) -> Effect? {
        guard mouse.modifiers.isEmpty, let target = situation.target(under: mouse, self) else { return nil }
        switch mouse.action {
        case .wheelUp: return scroll(target, by: -1, situation)
        case .wheelDown: return scroll(target, by: 1, situation)
        case .press(.left): return click(target, situation)
        case .press, .release: return nil
        }
    }

    /// Lines of text that one notch of the wheel moves.
    private static let notch = 3

    private mutating func scroll(_ target: Target, by direction: Int, _ situation: Situation) -> Effect? {
        let key: Key = direction < 0 ? .up : .down
        switch target {
        case .lane, .lanes: scrollLanes(by: direction * Self.notch, situation)
        case .events: return scrollEvents(by: direction * Self.notch, situation)
        case .verdict: for _ in 0..<Self.notch { verdictTop = situation.verdictTop(self, after: key) }
        case .overlay, .row:
            for _ in 0..<(overlay?.isMenu == true ? 1 : Self.notch) {
                overlay = overlay.map { $0.moved(by: key, self, situation) }
            }
        case .key, .moment: break
        }
        return nil
    }

    private mutating func click(_ target: Target, _ situation: Situation) -> Effect? {
        switch target {
        case .key(let key): return click(key, situation)
        case .moment(let time): return go(.to(time))
        case .row(let row): overlay = overlay?.choosing(row)
        case .lane(let id): choose(lane: id)
        case .lanes: focus = .lanes
        case .events: focus = .events
        case .verdict, .overlay: break
        }
        return nil
    }

    /// A key of the footer does what it does when it is pressed, unless that reaches the server or ends anything: a hand
    /// that slips must not do that.
    private mutating func click(_ key: Key, _ situation: Situation) -> Effect? {
        var clicked = self
        let effect = clicked.act(key, situation)
        guard effect?.isHarmless ?? true else {
            notice = "A click sends nothing to a server and ends nothing: press \(key.name)."
            return nil
        }
        self = clicked
        return effect
    }

    /// Chooses a lane; a click on the chosen one opens it.
    private mutating func choose(lane id: Int) {
        if focus == .lanes, chosenLane == id { overlay = .request(id: id, scroll: 0) }
        focus = .lanes
        chosenLane = id
    }
}

extension Effect {
    /// Whether nothing is sent, started or ended by it.
    fileprivate var isHarmless: Bool {
        switch self {
        case .mark, .export, .freeze, .move, .find, .slide: true
        case .send, .quit, .suspend, .runAgain, .start, .deploy, .gate: false
        }
    }
}

extension View.Overlay {
    /// Whether its rows are chosen from.
    fileprivate var isMenu: Bool {
        switch self {
        case .signals, .catalogue: true
        default: false
        }
    }

    fileprivate func choosing(_ row: Int) -> Self {
        switch self {
        case .signals: .signals(cursor: row)
        case .catalogue(_, let isTyping): .catalogue(cursor: row, isTyping: isTyping)
        default: self
        }
    }
}

extension Situation {
    fileprivate func target(under mouse: Mouse, _ view: View) -> Target? {
        guard view.comparison == nil else { return nil }
        let canvas = Painter.canvas(board: board, view: view, now: now, size: size, capabilities: Capabilities())
        return canvas.targets[mouse.row, mouse.column]
    }
}
