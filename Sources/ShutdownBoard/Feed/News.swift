internal import ShutdownTrace

/// What a line of the feed tells: an event, with the few facts of the state that its sentence needs beside it.
indirect enum News: Hashable, Sendable {
    /// An event that says all by itself.
    case event(Payload)
    /// A kind of event that this version does not know, by its name.
    case unknown(String)
    /// A line of another program's log, as it was written.
    case logged(String)
    /// A server runs that no client of this run asks.
    case runs
    case ended(EndedRequest)
    /// All WebSockets are closed: how many, and with which codes.
    case webSocketsClosed(Int, codes: [Int])
    case listenerClosed(isQueueEmpty: Bool)
    case cleanUpBeganAgain(ShutdownCause)
    case releasedAgain(ResourceName)
    case memberGone(pid: Int, command: String?, ExitStatus?)
    /// The supervisor starts the server again, because it is gone.
    case restarts
    case deployEnded(isRestart: Bool, failed: Int, of: Int)

    /// Whether it is a line that the server printed.
    var isPrinted: Bool { if case .event(.process(.printed)) = self { true } else { false } }

    struct EndedRequest: Hashable, Sendable {
        var label: String { Lane.label(id, method, path) }
        var id: Int
        var method: String
        var path: String
        var fate: Fate
        var status: Int?
        var took: Time
    }
}
