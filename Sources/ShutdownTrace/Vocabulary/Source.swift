/// Who saw an event.
///
/// The verdict leans on the outside witnesses. What the server says of itself is shown, never trusted alone.
public enum Source: String, Hashable, Sendable, CaseIterable, Codable {
    /// The server under test, speaking of itself.
    case server
    /// A client on a real socket.
    case client
    /// The balancer that polls readiness and decides where new requests go.
    case balancer
    /// The experiment that starts the server, sends the signals and looks at what is left.
    case supervisor
    /// The operating system: exit statuses, process states, signal masks.
    case kernel
    /// A reader of some other program's log, who infers what happened from its lines.
    case importer

    static let lexicon = Lexicon(allCases.map { ($0.rawValue, $0) })
}
