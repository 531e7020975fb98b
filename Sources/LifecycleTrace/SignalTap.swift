internal import Logging
internal import ShutdownTrace

/// A log handler that notes the signals of which a service group tells in its metadata, and passes on what it did before.
///
/// The group writes them at the level `debug`, which most applications leave out. So the tap asks for that level and
/// holds back what the handler behind it would not have been given.
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
