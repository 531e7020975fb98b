internal import ShutdownBoard
internal import ShutdownTrace

/// The table of keys, from which their effects, the help and the footer come.
enum Keymap {
    /// The keys that work while this overlay, or none, is shown, over one run or a pair of them.
    static func bindings(for overlay: View.Overlay?, ofPair isPair: Bool = false) -> [Binding] {
        switch overlay {
        case nil: isPair ? pair : main
        case .help, .payments, .differences: reading
        case .explanation, .request: explaining + underExplanation
        case .signals: signals
        case .killConfirmation: killConfirmation
        case .startConfirmation: startConfirmation
        case .catalogue(_, isTyping: false): catalogue
        case .catalogue(_, isTyping: true): lessonSearch
        case .lesson: lessonReading
        case .filterPrompt: filterPrompt
        }
    }

    /// All tables with their titles in the help.
    static let sections: [(title: String, bindings: [Binding])] = [
        (
            "keys",
            signalKeys + afterKeys + verdictKeys + viewKeys + paneKeys + laneKeys + zoomedKeys + runKeys + leavingKeys
        ), ("with a lesson", lesson),
        ("on the timeline", timeline),
        ("in the signal menu", signals), ("when asked about SIGKILL", killConfirmation),
        ("when asked whether a server may be ended", startConfirmation),
        ("in the catalogue", catalogue), ("while searching the catalogue", lessonSearch),
        ("in a lesson of the catalogue", lessonReading),
        ("while typing a filter", filterPrompt), ("in this help and over the payments", reading),
        ("over a request and an explanation, beside all other keys", explaining),
    ]

    static let main: [Binding] = [
        signalKeys, zoomedKeys, afterKeys, verdictKeys, laneKeys, Array(viewKeys.prefix(1)), lesson,
        Array(timeline.prefix(1)),
        Array(viewKeys.dropFirst()), Array(timeline.dropFirst()), runKeys, paneKeys, leavingKeys,
    ].flatMap { $0 }

    private static let signalKeys: [Binding] = [
        Binding(
            [.character("t")], "t", "send SIGTERM, the polite way; once more while it drains: force",
            label: { $1.label(terminating: $0) }, works: { $1.isAlive },
            why: { $1.missingServer }
        ) { _, _, _ in .send(.terminate) },
        Binding(
            [.character("i"), .control("c")], "i Ctrl-C", "send SIGINT to the server; once it is gone, Ctrl-C quits",
            yields: 2,
            label: { $1.label(sending: .interrupt, $0) }, works: { $1.isAlive },
            why: { $1.missingServer }
        ) { _, _, _ in .send(.interrupt) },
        Binding(
            [.character("K")], "K", "send SIGKILL, after a question", label: { $1.isAlive ? .init("kill") : nil },
            works: { $1.isAlive },
            why: { $1.missingServer }
        ) { view, _, _ in
            view.overlay = .killConfirmation
            return nil
        },
        Binding(
            [.character("s")], "s", "all signals, and what this process will do with each", yields: 1,
            label: { $1.isAlive ? .init("signals") : nil }, works: { $1.isAlive },
            why: { $1.missingServer }
        ) { view, _, _ in
            view.overlay = .signals(cursor: Signal.all.firstIndex(of: .terminate) ?? 0)
            return nil
        },
    ]

    private static let afterKeys: [Binding] = [
        Binding(
            [.character("r")], "r", "run it again, once the server is gone",
            label: { $1.canRunAgain && !$1.board.isReplacing ? .init("again") : nil },
            works: { $1.canRunAgain },
            why: { $1.missingServer == nil ? "the server still runs" : $1.missingServer }
        ) { _, _, _ in .runAgain },
        Binding(
            [.character("v")], "v", "after the exit: the panes, or the verdict again",
            label: { view, now in
                !now.isJudged(view) ? nil : view.showsBoardAfterExit ? .init("verdict") : .init("look back", "back")
            },
            works: { $1.isJudged($0) }, why: { _, _ in "there is no verdict yet" }
        ) { view, _, _ in
            view.showsBoardAfterExit.toggle()
            return nil
        },
    ]

    private static let verdictKeys: [Binding] = [
        Binding(
            [.down, .up, .pageUp, .pageDown, .home, .end], "↑↓",
            "read on in a verdict longer than the screen; also PgUp, Home, …", yields: -1,
            label: { _, _ in .init("read on", "more") }, works: { $1.canScrollVerdict($0) }
        ) { view, now, key in
            view.verdictTop = now.verdictTop(view, after: key)
            return nil
        }
    ]

    private static let viewKeys: [Binding] = [
        Binding(
            [.character("e")], "e", "what is happening now, and why", label: { _, _ in .init("explain", "why") }
        ) { view, _, _ in
            view.overlay = .explanation(scroll: 0)
            return nil
        },
        Binding(
            [.character("p")], "p", "what clients believe of their payments, and what the ledger holds",
            label: { $1.board.ledger.hasPayments && $1.isGone ? .init("payments", "pay") : nil },
            works: { $1.board.ledger.hasPayments }, why: { _, _ in "no payment was made so far" }
        ) { view, _, _ in
            view.overlay = .payments(scroll: 0)
            return nil
        },
        Binding(
            [.up, .down], "↑↓", "scroll the events", yields: 3,
            label: { $1.canScrollEvents($0) ? .init("scroll") : nil }, works: { $1.showsEvents($0) },
            why: { $1.stillEvents($0) }
        ) {
            view, now, key in
            view.scrollEvents(by: key == .up ? -1 : 1, now)
        },
        Binding(
            [.pageUp, .pageDown], "PgUp PgDn", "scroll the events by a page", works: { $1.showsEvents($0) },
            why: { $1.stillEvents($0) }
        ) { view, now, key in
            let page = max(1, Painter.eventRows(now, view) - 1)
            return view.scrollEvents(by: key == .pageUp ? -page : page, now)
        },
        Binding(
            [.character("/")], "/", "list only events with some text; n and N then find it", yields: 3,
            label: { $1.showsEvents($0) ? .init("filter") : nil }
        ) {
            view, _, _ in
            view.filter = ""
            view.eventsTop = nil
            view.overlay = .filterPrompt
            return nil
        },
        Binding(
            [.escape], "Esc", "list all events again, follow the latest, choose nothing",
            works: { view, _ in
                !view.filter.isEmpty || view.eventsTop != nil || view.focus != nil || view.chosenLane != nil
                    || view.lanesTop > 0
            }
        ) { view, _, _ in
            view.filter = ""
            view.eventsTop = nil
            view.chooseNothing()
            return nil
        },
    ]

    private static let runKeys: [Binding] = [
        Binding(
            [.character("c")], "c", "the catalogue of lessons", yields: -1,
            label: { view, now in
                view.lessons.isEmpty ? nil : .init("lessons")
            }, works: { view, _ in !view.lessons.isEmpty }, why: { _, _ in "lessons belong to the demo server" }
        ) { view, _, _ in
            view.lessonFilter = ""
            let playing = view.playing?.lesson.name
            view.overlay = .catalogue(cursor: view.lessons.firstIndex { $0.name == playing } ?? 0)
            return nil
        },
        Binding([.character("x")], "x", "export this run to a file", label: { $1.isGone ? .init("export") : nil }) {
            _, _, _ in
            .export
        },
        Binding(
            [.character("m")], "m", "mark this moment in the recording", yields: 3, label: { _, _ in .init("mark") }
        ) {
            _, _, _ in .mark
        },
    ]

    static let help = Binding(
        [.character("?"), .character("h"), .function(1)], "?", "this help; also h and F1", side: .right,
        label: { _, _ in .init("help") }
    ) { view, _, _ in
        view.overlay = .help(scroll: 0)
        return nil
    }

    private static let leavingKeys: [Binding] = [
        help,
        Binding(
            [.character("q"), .control("c")], "q", "quit with a summary; the server is ended first", side: .right,
            label: { _, _ in .init("quit") }
        ) { _, _, _ in .quit(keepingFrame: false) },
        Binding([.character("Q")], "Q", "quit and leave the last picture on the screen") { _, _, _ in
            .quit(keepingFrame: true)
        },
        Binding([.control("z")], "Ctrl-Z", "suspend; fg comes back") { _, _, _ in .suspend },
    ]
}

extension Situation {
    /// Why the list of events does not move.
    func stillEvents(_ view: View) -> String? {
        if !showsEvents(view) { return "all of the verdict is on the screen" }
        return canScrollEvents(view) ? "the list ends here" : "all events are on the screen"
    }
}

extension View {
    /// Moves the list of events; at its end it follows again.
    mutating func scrollEvents(by count: Int, _ situation: Situation) -> Effect? {
        let rows = Painter.eventRows(situation, self)
        eventsTop = EventList(situation.board.feed, filter: filter).moved(from: eventsTop, by: count, rows: rows)
        return nil
    }
}
