/// A step of a server's shutdown before which its gate may hold it; other servers may name steps of their own.
///
/// Two steps are the same when their whole texts are.
public struct ShutdownStep: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// A few words: "the listener closes".
    public var rawValue: String

    public var description: String { rawValue }

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(stringLiteral value: String) { self.init(rawValue: value) }

    // The demo server's, in their order.
    public static let lead: Self = "the lead"
    public static let closeListener: Self = "the listener closes"
    public static let endDrain: Self = "the drain ends"
    public static let awaitWebSockets: Self = "the WebSockets are waited for"
    public static let releaseScheduler: Self = "the scheduler is released"
    public static let awaitWorkers: Self = "the workers are waited for"
    public static let closeLedger: Self = "the ledger closes"
    public static let flushLog: Self = "the log is flushed"
}
