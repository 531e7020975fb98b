internal import ShutdownBoard
internal import ShutdownTrace

/// The keys of the overlays.
extension Keymap {
    static let suspend = Binding([.control("z")], "Ctrl-Z", "suspend; fg comes back") { _, _, _ in .suspend }

    private static func close(_ keys: [Key], _ name: String, _ help: String, _ label: String) -> Binding {
        Binding(keys, name, help, yields: -3, label: { _, _ in .init(label) }) { view, _, _ in
            view.overlay = nil
            return nil
        }
    }

    /// The keys that scroll a text which does not fit.
    private static let scroll = Binding(
        [.up, .down, .pageUp, .pageDown, .home, .end], "↑↓", "read on; also PgUp, PgDn, Home and End",
        label: { _, _ in .init("scroll") },
        works: { $0.canScrollOverlay($1) },
        why: { _, _ in "all of it is on the screen" }
    ) { view, now, key in
        view.overlay = view.overlay.map { $0.moved(by: key, view, now) }
        return nil
    }

    private static func move(_ help: String, _ label: String) -> Binding {
        let keys: [Key] = [.up, .down, .pageUp, .pageDown, .home, .end]
        return Binding(keys, "↑↓", help, label: { _, _ in .init(label) }) { view, now, key in
            view.overlay = view.overlay.map { $0.moved(by: key, view, now) }
            return nil
        }
    }

    static let reading: [Binding] = [
        scroll,
        close(
            [
                .escape, .enter, .character("q"), .character("?"), .character("h"), .function(1), .character("p"),
                .character("d"), .control("c"),
            ],
            "Esc", "close; also Enter, q and the key that opened it", "close"),
        suspend,
    ]

    /// The explanation lies beside the panes, and takes no key from them that does more than close it.
    static let explaining: [Binding] = [
        close(
            [.escape, .enter, .character("q"), .character("e")], "Esc", "close it; also Enter, q and e",
            "close"),
        Binding(
            [.down, .up, .pageDown, .pageUp, .home, .end], "↑↓", "read on, where it is longer than its box",
            label: { _, _ in .init("read on", "more") }, works: { $0.canScrollOverlay($1) }
        ) { view, now, key in
            view.overlay = view.overlay.map { $0.moved(by: key, view, now) }
            return nil
        },
    ]

    /// The keys that go on to work beside it; the one that quits closes it first.
    static let underExplanation: [Binding] =
        main.filter { binding in !["e", "q"].contains(binding.name) } + [
            Binding([.control("c")], "Ctrl-C", "quit") { _, _, _ in .quit(keepingFrame: false) }
        ]

    static let signals: [Binding] = [
        move("choose a signal", "choose"),
        Binding([.enter], "Enter", "send it; SIGKILL asks first", label: { _, _ in .init("send") }) { view, now, _ in
            guard case .signals(let cursor)? = view.overlay, Signal.all.indices.contains(cursor) else { return nil }
            let signal = Signal.all[cursor]
            view.overlay = signal == .kill && now.isAlive ? .killConfirmation : nil
            return signal == .kill || !now.isAlive ? nil : .send(signal)
        },
        close([.escape, .character("q"), .character("s"), .control("c")], "Esc", "cancel", "cancel"),
        suspend,
    ]

    static let killConfirmation: [Binding] = [
        Binding([.character("y")], "y", "yes, kill it", label: { _, _ in .init("kill") }) { view, now, _ in
            view.overlay = nil
            return now.isAlive ? .send(.kill) : nil
        },
        close(
            [.enter, .escape, .character("n"), .character("q"), .control("c")], "Enter", "cancel; also Esc and n",
            "cancel"),
        suspend,
    ]

    static let startConfirmation: [Binding] = [
        Binding([.character("y")], "y", "yes, end it and start the lesson", label: { _, _ in .init("end and start") }) {
            view, _, _ in
            guard case .startConfirmation(let lesson, let isMended)? = view.overlay else { return nil }
            view.overlay = nil
            return .start(lesson: lesson, isMended: isMended)
        },
        close(
            [.enter, .escape, .character("n"), .character("q"), .control("c")], "Enter", "cancel; also Esc and n",
            "cancel"),
        suspend,
    ]

    static let catalogue: [Binding] = [
        move("choose a lesson", "choose"),
        start([.enter], "Enter", "start it; where a server runs, it asks first", isMended: false),
        start([.character("M")], "M", "start its mended version", isMended: true),
        Binding(
            [.character("e"), .right], "e", "read the whole lesson; also →",
            label: { _, _ in .init("read on", "read") },
            works: { view, _ in view.chosenLesson != nil }
        ) { view, _, _ in
            guard case .catalogue(let cursor, _)? = view.overlay else { return nil }
            view.overlay = .lesson(cursor: cursor, scroll: 0)
            return nil
        },
        Binding([.character("/")], "/", "search the lessons", label: { _, _ in .init("search") }) { view, _, _ in
            view.overlay = .catalogue(cursor: 0, isTyping: true)
            view.lessonFilter = ""
            return nil
        },
        close([.escape, .character("q"), .character("c"), .control("c")], "Esc", "close", "close"),
        suspend,
    ]

    static let lessonReading: [Binding] = [
        scroll,
        start([.enter], "Enter", "start it; where a server runs, it asks first", isMended: false),
        start([.character("M")], "M", "start its mended version", isMended: true),
        Binding(
            [.escape, .left, .character("q"), .character("e"), .control("c")], "Esc", "back to the catalogue",
            label: { _, _ in .init("back") }
        ) { view, _, _ in
            guard case .lesson(let cursor, _)? = view.overlay else { return nil }
            view.overlay = .catalogue(cursor: cursor)
            return nil
        },
        suspend,
    ]

    /// Starts the lesson under the cursor.
    private static func start(_ keys: [Key], _ name: String, _ help: String, isMended: Bool) -> Binding {
        Binding(
            keys, name, help, label: { _, _ in isMended ? .init("start it mended", "mended") : .init("start") },
            works: { view, _ in view.chosenLesson.map { !isMended || $0.canBeMended } ?? false }
        ) { view, now, _ in
            guard let lesson = view.chosenLesson else { return nil }
            let mayEnd = now.transport?.server?.endedByStart == nil
            view.overlay = mayEnd ? nil : .startConfirmation(lesson: lesson.name, isMended: isMended)
            return mayEnd ? .start(lesson: lesson.name, isMended: isMended) : nil
        }
    }

    static let lessonSearch: [Binding] = [
        Binding([.character("/")], "/", "begin the search anew") { view, _, _ in
            view.lessonFilter = ""
            view.overlay = .catalogue(cursor: 0, isTyping: true)
            return nil
        },
        move("choose a lesson", "choose"),
        Binding([.backspace, .delete], "Backspace", "take the last letter back") { view, _, _ in
            view.lessonFilter = String(view.lessonFilter.dropLast())
            view.overlay = .catalogue(cursor: 0, isTyping: true)
            return nil
        },
        Binding([.enter], "Enter", "keep these lessons", label: { _, _ in .init("keep") }) { view, _, _ in
            guard case .catalogue(let cursor, _)? = view.overlay else { return nil }
            view.overlay = .catalogue(cursor: cursor)
            return nil
        },
        Binding([.escape, .control("c")], "Esc", "all lessons again", label: { _, _ in .init("all lessons", "all") }) {
            view, _, _ in
            view.lessonFilter = ""
            view.overlay = .catalogue(cursor: 0)
            return nil
        },
        suspend,
    ]

    static let filterPrompt: [Binding] = [
        Binding([.backspace, .delete], "Backspace", "take the last letter back") { view, _, _ in
            view.filter = String(view.filter.dropLast())
            view.eventsTop = nil
            return nil
        },
        close([.enter], "Enter", "keep the filter", "keep"),
        Binding([.escape, .control("c")], "Esc", "list all events again", label: { _, _ in .init("all events") }) {
            view, _, _ in
            view.filter = ""
            view.eventsTop = nil
            view.overlay = nil
            return nil
        },
        suspend,
    ]
}

extension View {
    /// Whether the text over the dashboard is longer than its box.
    fileprivate func canScrollOverlay(_ situation: Situation) -> Bool {
        overlay.map { $0.moved(by: .home, self, situation) != $0.moved(by: .end, self, situation) } ?? false
    }

    /// The lesson under the cursor of the catalogue, or whose text is shown.
    var chosenLesson: Lesson? {
        switch overlay {
        case .catalogue(let cursor, _)?, .lesson(let cursor, _)?:
            shownLessons.indices.contains(cursor) ? shownLessons[cursor] : nil
        default: nil
        }
    }
}

extension Situation {
    func lastScroll(ofExplanation view: View) -> Int {
        ExplanationOverlay(scene: Scene(board, view, now, Capabilities()), size: size).lastScroll
    }

    fileprivate func lastScroll(ofRequest id: Int, _ view: View) -> Int {
        RequestOverlay(id, Scene(board, view, now, Capabilities()), size).lastScroll
    }

    fileprivate func lastScroll(ofPayments view: View) -> Int {
        PaymentsOverlay(scene: Scene(board, view, now, Capabilities()), size: size).lastScroll
    }
}

extension View.Overlay {
    /// The same overlay with its cursor or its text moved.
    func moved(by key: Key, _ view: View, _ situation: Situation) -> Self {
        let page = max(1, situation.size.rows - 8)
        func move(_ from: Int, in count: Int) -> Int {
            let position = min(max(0, from), max(0, count - 1))
            let moved =
                switch key {
                case .up: position - 1
                case .down: position + 1
                case .pageUp: position - page
                case .pageDown: position + page
                case .home: 0
                case .end: count - 1
                default: position
                }
            return min(max(0, moved), max(0, count - 1))
        }
        switch self {
        case .help(let scroll):
            let last = HelpOverlay.lastScroll(situation.size, ofPair: view.comparison != nil)
            return .help(scroll: move(scroll, in: last + 1))
        case .explanation(let scroll):
            return .explanation(scroll: move(scroll, in: situation.lastScroll(ofExplanation: view) + 1))
        case .payments(let scroll):
            return .payments(scroll: move(scroll, in: situation.lastScroll(ofPayments: view) + 1))
        case .differences(let scroll):
            let last = DifferencesOverlay.lastScroll(view, situation.size)
            return .differences(scroll: move(scroll, in: last + 1))
        case .signals(let cursor): return .signals(cursor: move(cursor, in: Signal.all.count))
        case .catalogue(let cursor, let isTyping):
            return .catalogue(cursor: move(cursor, in: view.shownLessons.count), isTyping: isTyping)
        case .lesson(let cursor, let scroll):
            let last = LessonOverlay.lastScroll(view, situation.size)
            return .lesson(cursor: cursor, scroll: move(scroll, in: last + 1))
        case .request(let id, let scroll):
            return .request(id: id, scroll: move(scroll, in: situation.lastScroll(ofRequest: id, view) + 1))
        case .killConfirmation, .startConfirmation, .filterPrompt: return self
        }
    }
}
