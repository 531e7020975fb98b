/// One way to shut down: what is different in the server's code path, and the lesson around it.
///
/// The fault is really in the server. Whoever watches learns of it from the outside, as with any server.
public struct Scenario: Hashable, Sendable {
    /// As `--scenario` takes it.
    public let name: String
    /// What it is about; the scenarios of one subject stand together.
    public let subject: Subject
    /// One line for a list, at most 70 characters.
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
    /// The broken server; the polite one where the fault lies outside the server.
    public let fault: Behaviour
    /// The mended server.
    public let cure: Behaviour

    public enum Subject: String, Hashable, Sendable, CaseIterable {
        case signals
        case door = "the door"
        case connections
        case payments
        case limits
        case cleanUp = "clean-up"
        case leaving = "exit and what is left"
    }

    /// What the broken server does, or the mended one.
    public func behaviour(mended isMended: Bool) -> Behaviour { isMended ? cure : fault }

    /// All that this server can play, subject by subject.
    public static let all = signals + door + connections + payments + limits + cleanUp + leaving

    /// Finds a scenario by its name; nil when there is none.
    public init?(named name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    init(
        _ name: String, _ subject: Subject, _ summary: String, press: String, watch: String, why: String, mend: String,
        verdict: String, fault: Behaviour = Behaviour(), cure: Behaviour = Behaviour()
    ) {
        self.name = name
        self.subject = subject
        self.summary = summary
        self.press = press
        self.watch = watch
        self.why = why
        self.mend = mend
        self.verdict = verdict
        self.fault = fault
        self.cure = cure
    }
}
