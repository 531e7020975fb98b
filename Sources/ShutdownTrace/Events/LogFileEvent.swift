/// The server's access log, and lines of another program's log.
public enum LogFileEvent: Hashable, Sendable {
    /// So many lines were handed to the log so far.
    case written(lines: Int?)
    /// So many lines are in the file; a full disk had no room for `lost` of them.
    case flushed(lines: Int?, lost: Int?)
    /// A line that no rule knows, or so many of them that are left out here.
    case line(text: String, LogLevel?, count: Int? = nil)
}

extension LogFileEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .logWritten: self = .written(lines: fields.count(.lines))
        case .logFlushed: self = .flushed(lines: fields.count(.lines), lost: fields.count(.lost))
        case .logLine: self = .line(text: fields.string(.text) ?? "", fields.word(.level), count: fields.count(.count))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .written(let lines): WireEvent(.logWritten, [.lines: .number(lines)])
        case .flushed(let lines, let lost): WireEvent(.logFlushed, [.lines: .number(lines), .lost: .number(lost)])
        case .line(let text, let level, let count):
            WireEvent(.logLine, [.text: .text(text), .level: .word(level), .count: .number(count)])
        }
    }
}
