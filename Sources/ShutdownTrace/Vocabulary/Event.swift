/// One thing that happened in a run, and when, and who saw it.
///
/// Events are facts. Whoever emits one decides nothing about how it is shown, and whoever shows it asks for nothing
/// more, so a recording is as good as the run.
///
/// On the wire an event is one line of JSON:
///
/// ```json
/// {"seq":41,"t":3.800214,"src":"client","ev":"request.finished","id":817,"fate":"answered","status":201}
/// ```
public struct Event: Hashable, Sendable {
    /// Counts the events of one source from 1, without gaps.
    ///
    /// A gap proves that events were lost.
    public var sequence: Int

    /// When it happened, since the start of the run.
    public var time: Time

    public var source: Source

    public var kind: EventKind

    public var fields: Fields

    /// The name on the wire; differs from the kind's own only for ``EventKind/unknown``.
    public var name: String { kind == .unknown ? foreignName ?? kind.rawValue : kind.rawValue }

    private var foreignName: String?

    public init(_ kind: EventKind, from source: Source, at time: Time, sequence: Int = 0, _ fields: Fields = [:]) {
        self.sequence = sequence
        self.time = time
        self.source = source
        self.kind = kind
        self.fields = fields
    }

    /// An event by the name that a trace gives it, known or not.
    public init(name: String, from source: Source, at time: Time, sequence: Int = 0, _ fields: Fields = [:]) {
        self.init(EventKind(name: name), from: source, at: time, sequence: sequence, fields)
        if kind == .unknown, name != kind.rawValue { foreignName = name }
    }
}
