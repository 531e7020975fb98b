internal import ShutdownBoard
internal import ShutdownTrace

/// One row of the key table: the keys, when they work, what they do, and their texts in help and footer.
struct Binding: Sendable {
    let keys: [Key]
    /// How the keys are written: "t", "PgUp PgDn".
    let name: String
    /// What they do, for the help.
    let help: String
    /// The place in the footer.
    let side: Side
    /// Where the footer is full, the key with the highest number is left out first; of equals the last one.
    let yields: Int
    /// A word or two for the footer where there is room, and where there is little; nil hides it there.
    let label: @Sendable (View, Situation) -> Label?
    let works: @Sendable (View, Situation) -> Bool
    /// Why it does nothing in a situation in which it does not work, or has nothing to do; nil for no special reason.
    let why: @Sendable (View, Situation) -> String?
    let act: @Sendable (inout View, Situation, Key) -> Effect?

    enum Side: Sendable { case left, right }

    struct Label: Hashable, Sendable {
        var long: String
        var short: String

        init(_ long: String, _ short: String? = nil) {
            self.long = long
            self.short = short ?? long
        }
    }

    init(
        _ keys: [Key], _ name: String, _ help: String, side: Side = .left, yields: Int = 0,
        label: @escaping @Sendable (View, Situation) -> Label? = { _, _ in nil },
        works: @escaping @Sendable (View, Situation) -> Bool = { _, _ in true },
        why: @escaping @Sendable (View, Situation) -> String? = { _, _ in nil },
        act: @escaping @Sendable (inout View, Situation, Key) -> Effect?
    ) {
        self.keys = keys
        self.name = name
        self.help = help
        self.side = side
        self.yields = yields
        self.label = label
        self.works = works
        self.why = why
        self.act = act
    }
}

/// The state of the run on which a key can depend, beside the view.
struct Situation: Sendable {
    let board: Board
    let now: Time
    let size: Size
    var transport: Transport?

    /// Whether there is a process that a signal could reach.
    var isAlive: Bool {
        guard let transport else { return !board.process.isGone && board.process.pid != nil }
        return transport.server?.isAlive == true
    }

    /// Whether the server is gone on the screen.
    var isGone: Bool { board.process.isGone }

    /// Whether there is a verdict.
    func isJudged(_ view: View) -> Bool { board.isJudged(in: view) }

    /// Whether there was a server that this program ran, so that it can run it again.
    var canRunAgain: Bool {
        guard let transport else { return isGone }
        return transport.server?.isGone == true
    }

    /// Whether the screen follows a server that goes on.
    var isPresent: Bool { transport?.server != nil && transport?.isLookingBack == false }

    /// Whether the list of events is on the screen.
    func showsEvents(_ view: View) -> Bool { !isJudged(view) || view.showsBoardAfterExit || board.isReplacing }

    /// Whether the list of events is on the screen, and longer than its pane.
    func canScrollEvents(_ view: View) -> Bool {
        showsEvents(view)
            && (view.eventsTop != nil
                || EventList(board.feed, filter: view.filter).isLonger(than: Painter.eventRows(self, view)))
    }

    /// Why there is no server to send anything to; nil where there is one.
    var missingServer: String? {
        if isAlive { return nil }
        guard transport == nil || transport?.server != nil else { return "this is a recording, without a server" }
        return isGone || transport?.server?.isGone == true ? "the server is gone" : "the server has not started yet"
    }

    /// The signals that asked the server to stop, so far.
    var stopSignals: [Signal] {
        transport?.server?.stopSignals ?? board.signals.sent.filter(\.asksToStop).map(\.signal)
    }

    /// The label of the key that sends SIGTERM: it begins a deploy that waits to begin.
    func label(terminating view: View) -> Binding.Label? {
        let begins = view.playing?.isDeploy == true && transport?.server?.isDeployed != true && board.deploy == nil
        return begins && isAlive ? Binding.Label("deploy") : label(sending: .terminate, view)
    }

    /// The label of a key that sends this signal: its effect now.
    func label(sending signal: Signal, _ view: View) -> Binding.Label? {
        guard isAlive else { return nil }
        switch stopSignals.count {
        case 0: return Binding.Label(signal.name, String(signal.name.dropFirst(3)))
        case 1 where stopSignals[0] == signal: return view.playing.map(\.secondSignal) ?? .forces
        default: return nil
        }
    }
}

extension Binding.Label {
    /// The effect of a second signal on most servers.
    fileprivate static let forces = Self("again: force", "force")
}

extension Playing {
    /// The effect of sending a signal once more.
    fileprivate var secondSignal: Binding.Label? {
        switch onSecondSignal {
        case .forces: .forces
        case .cleansUpAgain: Binding.Label("again: clean up twice", "twice")
        case .changesNothing: nil
        }
    }
}
