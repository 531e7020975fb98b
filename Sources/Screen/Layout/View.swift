package import ShutdownBoard
package import ShutdownTrace

/// The choices of the person in front of the screen.
///
/// Everything else on the screen follows from the board. A key changes the view, or asks the program for something
/// (``Effect``), or both.
package struct View: Hashable, Sendable {
    /// What lies over the dashboard.
    package enum Overlay: Hashable, Sendable {
        case help(scroll: Int)
        /// The menu of all signals, with the cursor on one of ``ShutdownTrace/Signal/all``.
        case signals(cursor: Int)
        /// "Really SIGKILL?"
        case killConfirmation
        /// "This ends the server that runs": before another run begins.
        case startConfirmation(lesson: String, isMended: Bool)
        case explanation(scroll: Int)
        /// The lessons, with the cursor on one of ``View/shownLessons``; while a text is typed, letters are no keys.
        case catalogue(cursor: Int, isTyping: Bool = false)
        /// All of one of ``View/shownLessons``.
        case lesson(cursor: Int, scroll: Int)
        /// ``View/filter`` is being typed.
        case filterPrompt
        /// What each client believes of its payment beside what the ledger holds.
        case payments(scroll: Int)
        /// Everything that is known of the request with this id.
        case request(id: Int, scroll: Int)
        /// The differences of two runs.
        case differences(scroll: Int)
    }

    package var overlay: Overlay?

    /// The lessons that the catalogue offers, grouped by subject.
    package var lessons: [Lesson]

    /// Only lessons with this text are in the catalogue; empty lists all.
    package var lessonFilter = ""

    /// The lesson that this program plays now; nil for a recording, a stream and any other server.
    package var playing: Playing?

    /// Which of the sliders of ``playing`` `-` and `+` move; any number, the screen takes it modulo their count.
    package var chosenSlider = 0

    /// Whether the person asked the server to hold at its next step, and has not released it yet.
    ///
    /// The program sets it to false when another run begins.
    package var asksToHold = false

    /// Only events with this text are listed; empty lists all.
    package var filter = ""

    /// The number of the first event that is listed, counted from the first of the run; nil follows the end.
    package var eventsTop: Int?

    /// Whether the picture stands still.
    ///
    /// The program then goes on to pass the board and the moment of the freeze.
    package var isFrozen = false

    /// Whether the panes are shown after the exit, in the place of the verdict.
    package var showsBoardAfterExit = false

    /// The pane that the person has chosen; nil for none.
    var focus: DashboardLayout.Part?

    /// The request whose lane is chosen; nil for none.
    package var chosenLane: Int?

    /// How many lanes lie above the first one that is shown; any number.
    package var lanesTop = 0

    /// Whether the chosen pane, or else the lanes, fill the screen.
    package var isZoomed = false

    /// Whether only the few facts that matter are shown, in large letters.
    package var isBig = false

    /// The first row of the verdict that is shown, where it is longer than its place; any number.
    package var verdictTop = 0

    /// The comparison of two runs that are shown together; nil while one is shown.
    package var comparison: Comparison?

    /// Whether this is one of two pictures on the screen: timeline and keys stand below both.
    var isPart = false

    /// The position of the screen on its run; nil for a picture without a timeline.
    package var transport: Transport?

    /// For a picture without a timeline: whether the trace ends with what the board knows.
    package var isLastPicture = false

    /// A message that takes the place of the footer for some seconds.
    package var notice: String?

    package init(lessons: [Lesson] = [], isLastPicture: Bool = false) {
        self.lessons = lessons
        self.isLastPicture = isLastPicture
    }

    /// Does what the key means now, and returns what the program has to do about it.
    ///
    /// - Parameters:
    ///   - key: The key that was pressed. One that means nothing now changes nothing.
    ///   - board: The board on the screen. Signals go by ``transport``, which tells how the server is now.
    ///   - now: The moment on the screen.
    ///   - size: The extent of the screen, which says how long a page of events is.
    /// - Returns: What is left to the program, if anything.
    package mutating func press(
        _ key: Key, on board: Board, now: Time, size: Size = Size(columns: 80, rows: 24)
    ) -> Effect? {
        let situation = Situation(board: board, now: now, size: size, transport: transport)
        if case .mouse(let mouse) = key { return point(mouse, situation) }
        if type(key) { return nil }
        return act(key, situation)
    }

    /// Does what the key means in this situation.
    mutating func act(_ key: Key, _ situation: Situation) -> Effect? {
        let bindings = Keymap.bindings(for: overlay, ofPair: comparison != nil)
        let rows = bindings.filter { $0.keys.contains(key) }
        let before = self
        guard let binding = rows.first(where: { $0.works(before, situation) }) else {
            if key.isPlain { notice = idle(key, rows.compactMap { $0.why(before, situation) }.first) }
            return nil
        }
        let effect = binding.act(&self, situation, key)
        if effect == nil, self == before { notice = idle(key, binding.why(self, situation)) }
        return effect
    }

    /// Why a key has done nothing.
    private func idle(_ key: Key, _ reason: String?) -> String {
        if let reason { return "\(key.name) does nothing now: \(reason)." }
        return overlay == nil
            ? "\(key.name) does nothing here: ? lists the keys." : "\(key.name) does nothing here: Esc leaves it."
    }

    /// Adds what is printable in a pasted text to the text that is typed, as one line; where none is, it means nothing.
    package mutating func paste(_ text: String) {
        for character in text.split(whereSeparator: \.isNewline).joined(separator: " ") {
            let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
            guard isControl || type(.character(character)) else { return }
        }
    }

    /// Reads a key as text while a text is typed; false where it is a key.
    private mutating func type(_ key: Key) -> Bool {
        guard case .character(let character) = key else { return false }
        switch overlay {
        case .filterPrompt:
            add(character, to: \.filter)
            eventsTop = nil
        case .catalogue(_, isTyping: true) where character != "/":
            add(character, to: \.lessonFilter)
            overlay = .catalogue(cursor: 0, isTyping: true)
        default: return false
        }
        return true
    }

    private mutating func add(_ character: Character, to text: WritableKeyPath<View, String>) {
        let letter = printable(String(character))
        guard self[keyPath: text].count < 60, !letter.isEmpty else { return }
        self[keyPath: text] += letter
    }
}
