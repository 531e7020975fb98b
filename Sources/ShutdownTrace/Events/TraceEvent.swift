/// What the writer of a trace says of the trace itself.
public enum TraceEvent: Hashable, Sendable {
    /// So many events found the buffer full.
    case dropped(count: Int?)
    /// So many numbers are missing in another source's `seq`.
    case gap(Source?, count: Int?)
    /// Something went wrong in the writer itself: a full disk, a torn line.
    case faultReported(String)
}

extension TraceEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .traceDropped: self = .dropped(count: fields.count(.count))
        case .traceGap: self = .gap(fields.word(.source), count: fields.count(.count))
        case .faultReported: self = .faultReported(fields.string(.text) ?? "")
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .dropped(let count): WireEvent(.traceDropped, [.count: .number(count)])
        case .gap(let source, let count): WireEvent(.traceGap, [.source: .word(source), .count: .number(count)])
        case .faultReported(let text): WireEvent(.faultReported, [.text: .text(text)])
        }
    }
}
