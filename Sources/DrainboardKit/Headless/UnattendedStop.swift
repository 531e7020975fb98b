import ShutdownBoard
import ShutdownTrace

/// What stops a demo when nobody can type: the lesson's signal some seconds after the end of the input, then SIGTERM.
struct UnattendedStop {
    /// The signal that the lesson is about.
    let signal: Signal
    /// When the next signal is due; nil as long as somebody can type, or the server does not serve.
    private(set) var due: Time?
    /// Whether it has sent a signal, so that the run was a check that nobody watched.
    private(set) var hasSent = false
    private(set) var isAlone = false

    static let delay = Time.seconds(3)

    init(_ signal: Signal) { self.signal = signal }

    /// Nobody can type any more.
    mutating func begin() { isAlone = true }

    /// The signal that is due now.
    ///
    /// - Parameters:
    ///   - now: On any clock that goes on.
    ///   - isServing: Whether the server has served.
    ///   - wasAsked: Whether somebody has asked it to stop.
    /// - Returns: A signal once, at its time; else nil.
    mutating func next(at now: Time, isServing: Bool, wasAsked: Bool) -> Signal? {
        guard isAlone, isServing, !wasAsked else {
            due = nil
            return nil
        }
        let due = due ?? now + Self.delay
        guard now >= due else {
            self.due = due
            return nil
        }
        // A signal that ends nothing is followed by one that does.
        self.due = now + Self.delay
        defer { hasSent = true }
        return hasSent ? .terminate : signal
    }

    /// What is said at the end of the input.
    var announcement: String {
        "Standard input is at its end: \(signal.name) is sent by itself, \(Self.delay.words) after the start."
    }
}
