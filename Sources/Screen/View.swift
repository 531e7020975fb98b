public import ShutdownBoard
public import ShutdownTrace

/// What the person in front of the screen has chosen.
///
/// Everything else on the screen follows from the board. A key changes the view, or asks the program for something
/// (``Effect``), or both.
public struct View: Hashable, Sendable {
    /// What lies over the dashboard.
    public enum Overlay: Hashable, Sendable {
        case help(scroll: Int)
        /// The menu of all signals, with the cursor on one of ``ShutdownTrace/Signal/all``.
        case signals(cursor: Int)
        /// "Really SIGKILL?"
        case killConfirmation
        case explanation(scroll: Int)
        /// The lessons, with the cursor on one of ``View/lessons``.
        case catalogue(cursor: Int)
        /// ``View/filter`` is being typed.
        case filterPrompt
    }

    public var overlay: Overlay?

    /// The lessons that the catalogue offers, grouped by subject.
    public var lessons: [Lesson]

    /// Only events with this text are listed; empty lists all.
    public var filter = ""

    /// The number of the first event that is listed, counted from the first of the run; nil follows the end.
    public var eventsTop: Int?

    /// Whether the picture stands still.
    ///
    /// The program then goes on to pass the board and the moment of the freeze.
    public var isFrozen = false

    /// Whether the panes are shown after the exit, in the place of the verdict.
    public var showsBoardAfterExit = false

    /// Where on its run the screen stands; nil for a picture without a timeline.
    public var transport: Transport?

    /// What the program has to say for some seconds, in the place of the footer.
    public var notice: String?

    public init(lessons: [Lesson] = []) {
        self.lessons = lessons
    }

    /// Does what the key means now, and returns what the program has to do about it.
    ///
    /// - Parameters:
    ///   - key: The key that was pressed. One that means nothing now changes nothing.
    ///   - board: The board on the screen. Signals go by ``transport``, which tells how the server is now.
    ///   - now: The moment on the screen.
    ///   - size: The extent of the screen, which says how long a page of events is.
    /// - Returns: What is left to the program, if anything.
    public mutating func press(
        _ key: Key, on board: Board, now: Time, size: Size = Size(columns: 80, rows: 24)
    ) -> Effect? {
        let situation = Situation(board: board, now: now, size: size, transport: transport)
        if overlay == .filterPrompt, type(key) { return nil }
        let binding = Keymap.bindings(for: overlay).first { $0.keys.contains(key) && $0.works(self, situation) }
        return binding?.act(&self, situation, key)
    }

    /// Takes a key as text for the filter.
    private mutating func type(_ key: Key) -> Bool {
        guard case .character(let character) = key else { return false }
        let text = printable(String(character))
        guard filter.count < 60, !text.isEmpty else { return true }
        filter += text
        eventsTop = nil
        return true
    }
}

/// What a key asks of the program.
public enum Effect: Hashable, Sendable {
    /// Send this signal to the server. SIGKILL comes only after its confirmation.
    case send(Signal)
    /// Leave; the server is ended first if it still runs.
    case quit(keepingFrame: Bool)
    /// Stop this program as Ctrl-Z does.
    case suspend
    /// Start the same scenario once more.
    case runAgain
    /// Start this lesson.
    case start(lesson: String)
    /// Mark this moment.
    case mark
    /// Write the run to a file.
    case export
    /// Hold the picture, or let it go on.
    case freeze(Bool)
    /// Move on the timeline.
    case move(Movement)
}

/// One scenario as the catalogue tells it.
public struct Lesson: Hashable, Sendable {
    public var name: String
    /// What it is about; lessons of one subject stand together.
    public var subject: String
    /// One line.
    public var summary: String
    /// What to press.
    public var press: String
    /// What to watch.
    public var watch: String
    /// Why it happens.
    public var why: String
    /// How to mend it.
    public var mend: String
    /// The verdict that it must get.
    public var expected: String

    public init(
        name: String, subject: String, summary: String, press: String = "", watch: String = "", why: String = "",
        mend: String = "", expected: String = ""
    ) {
        self.name = name
        self.subject = subject
        self.summary = summary
        self.press = press
        self.watch = watch
        self.why = why
        self.mend = mend
        self.expected = expected
    }
}
