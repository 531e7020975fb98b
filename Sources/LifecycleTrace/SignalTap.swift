internal import Logging
internal import ShutdownTrace

/// A log handler that reads the signals from the metadata of a service group's log, and passes every line on.
///
/// The group logs signals at the level `debug`, which most applications leave out. So the tap asks for that level, and
/// leaves out the lines below the level of the handler behind it.
struct SignalTap: LogHandler {
    private var inner: any LogHandler
    /// `sl-signal`, unless the group is configured otherwise.
    private let key: String
    private let received: @Sendable (Signal) -> Void

    init(_ inner: any LogHandler, key: String, _ received: @escaping @Sendable (Signal) -> Void) {
        self.inner = inner
        self.key = key
        self.received = received
    }

    var logLevel: Logger.Level {
        get { min(inner.logLevel, .debug) }
        set { inner.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { inner.metadata }
        set { inner.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { inner.metadataProvider }
        set { inner.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { inner[metadataKey: key] }
        set { inner[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        if let value = event.metadata?[key], let signal = Signal("\(value)") { received(signal) }
        if event.level >= inner.logLevel { inner.log(event: event) }
    }
}
