/// One way to shut down, as a value: what is different in the server's code path, and the lesson around it.
///
/// The fault is really in the server. Whoever watches learns of it from the outside, as with any server.
public struct Scenario: Hashable, Sendable {
    /// As `--scenario` takes it.
    public let name: String
    /// One line for a list.
    public let summary: String
    /// What to press.
    public let press: String
    /// What to watch.
    public let watch: String
    /// Why it happens.
    public let why: String
    /// How to mend it.
    public let mend: String
    /// The word that the verdict must find when ``press`` was done.
    public let verdict: String

    /// What the server does about SIGTERM and SIGINT.
    public let signals: Signals

    /// What a server does about the two signals that ask it to leave.
    public enum Signals: Hashable, Sendable {
        /// Both take one path, the ideal one; a second one forces.
        case handled
        /// There is no signal code at all: the kernel's default action ends the process.
        case unhandled
    }

    /// All that this server can play, in the order of the lessons.
    public static let all: [Scenario] = [.polite, .noHandler]

    /// Finds a scenario by its name; nil when there is none.
    public init?(named name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    private init(
        _ name: String, _ summary: String, press: String, watch: String, why: String, mend: String, verdict: String,
        signals: Signals = .handled
    ) {
        self.name = name
        self.summary = summary
        self.press = press
        self.watch = watch
        self.why = why
        self.mend = mend
        self.verdict = verdict
        self.signals = signals
    }
}

extension Scenario {
    /// Nothing is wrong.
    public static let polite = Scenario(
        "polite", "nothing is wrong: every request is answered, everything is released in order",
        press: "t",
        watch: "Readiness fails first, the balancer takes the server out, the listener closes, and the lanes that "
            + "cross the signal line all end in an answer. Then the release stack empties from the top.",
        why: "The server hears the signal, stops taking new work, finishes what it has, and lets go of each resource "
            + "only when nothing above uses it any more.",
        mend: "Nothing to mend. Press K during the drain to see what the politeness was worth.",
        verdict: "GRACEFUL")

    /// No signal code at all.
    public static let noHandler = Scenario(
        "no-handler", "no signal code at all: the first SIGTERM ends the process on the spot",
        press: "t",
        watch: "The process is gone at the signal line. Every lane that crosses it is cut, no resource is released, "
            + "the write-ahead log is left behind and the end of the access log is missing.",
        why: "A process that neither catches nor ignores SIGTERM is ended by the kernel's default action. None of its "
            + "own code runs: no cleanup, no goodbye, no flush.",
        mend: "Catch SIGTERM and SIGINT before anything slow begins, and shut down in order: see polite.",
        verdict: "UNHANDLED",
        signals: .unhandled)
}
