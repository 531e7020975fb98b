import Platform
import ShutdownTrace

/// Puts the events of a run in one order: numbers those of each source, records them and hands them to the observer.
///
/// What a line of the server means follows right after the line.
struct EventSequencer {
    private let reporter: Reporter
    private let observe: @Sendable (TraceLine) -> Void
    /// Called with the files that are left when one of them takes no more.
    private let recorded: @Sendable ([String]) -> Void
    private var recorder: Recorder
    private var interpreter: (any OutputInterpreter)?
    private var sequences: [Source: Int] = [:]
    /// The last number that each instance of the server gave one of its events.
    private var instances: [Int: Int] = [:]

    init(
        _ reporter: Reporter, recorder: Recorder, _ interpreter: (any OutputInterpreter)?,
        recorded: @escaping @Sendable ([String]) -> Void = { _ in },
        observe: @escaping @Sendable (TraceLine) -> Void
    ) {
        self.recorded = recorded
        self.reporter = reporter
        self.recorder = recorder
        self.interpreter = interpreter
        self.observe = observe
    }

    /// Delivers the header and then everything until the stream ends.
    mutating func run(header: Header, _ events: AsyncStream<Event>) async {
        deliver(.header(header))
        for await event in events {
            let isLast = reporter.taken()
            take(event)
            // Events within a frame of the screen are delivered together: waking up costs more than an event.
            if isLast { try? await reporter.clock.sleep(.milliseconds(16)) }
        }
        recorder.close()
    }

    private mutating func take(_ event: Event) {
        var event = event
        if event.source == .server {
            checkGap(event)
        } else {
            sequences[event.source, default: 0] += 1
            event.sequence = sequences[event.source, default: 0]
        }
        deliver(.event(event))
        interpret(event)
    }

    /// Encodes an item, once for the recorder and the observer.
    private mutating func deliver(_ item: TraceReader.Item) {
        let line = TraceLine(item)
        let faults = recorder.write(line.bytes)
        observe(line)
        report(faults)
    }

    /// The lines of another instance say nothing about the one that is judged.
    private mutating func interpret(_ event: Event) {
        guard event.kind == .outputPrinted, event.instance == 1,
            case .process(.printed(_, let text))? = try? event.payload
        else { return }
        for meaning in interpreter?.meaning(of: text, at: event.time) ?? [] { take(meaning) }
    }

    /// The server numbers its own events; a missing number is a lost event.
    private mutating func checkGap(_ event: Event) {
        let instance = event.instance
        let last = instances[instance] ?? 0
        if event.sequence > last + 1 {
            let gap = TraceEvent.gap(.server, count: event.sequence - last - 1)
            take(Event(.trace(gap), from: .supervisor, at: event.time, instance: instance > 1 ? instance : nil))
        }
        instances[instance] = max(last, event.sequence)
    }

    /// Reports failed recordings as events, which are recorded too; this ends because the recorder closes what failed.
    private mutating func report(_ faults: [String]) {
        if !faults.isEmpty { recorded(recorder.paths) }
        for text in faults {
            take(Event(.trace(.faultReported(text)), from: .supervisor, at: reporter.clock.now))
        }
    }
}
