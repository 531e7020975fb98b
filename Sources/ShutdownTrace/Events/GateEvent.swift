/// A person holds the server between two steps of its shutdown, or tells it something else.
public enum GateEvent: Hashable, Sendable {
    /// One line that was written to the server's standard input.
    case told(String)
    /// The server waits before this step.
    case held(before: ShutdownStep?)
    case released(took: Time?)

    /// The command that a told line is; nil for a line that is none.
    public var command: ControlCommand? { if case .told(let line) = self { ControlCommand(line: line) } else { nil } }
}

extension GateEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .serverTold: self = .told(fields.string(.text) ?? "")
        case .gateHeld: self = .held(before: fields.word(.name))
        case .gateReleased: self = .released(took: fields.time(.took))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .told(let line): WireEvent(.serverTold, [.text: .text(line)])
        case .held(let step): WireEvent(.gateHeld, [.name: .word(step)])
        case .released(let took): WireEvent(.gateReleased, [.took: .span(took)])
        }
    }
}
