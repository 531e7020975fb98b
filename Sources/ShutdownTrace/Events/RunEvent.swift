/// The beginning and the end of a run, as the supervisor tells them.
public enum RunEvent: Hashable, Sendable {
    case began
    /// Everything that could be looked at was looked at.
    case ended
}

extension RunEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .runBegan: self = .began
        case .runEnded: self = .ended
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .began: WireEvent(.runBegan)
        case .ended: WireEvent(.runEnded)
        }
    }
}
