internal import ShutdownTrace

/// What cannot have happened, as a sentence: "request.finished: never started".
extension Anomaly {
    package var text: String {
        switch self {
        case .impossible(let kind, let reason): "\(kind.rawValue): \(reason.text(of: kind))"
        case .incomplete(let kind, let missing): "\(kind.rawValue): \(missing)"
        case .timeRanBackwards(let source): "\(source.rawValue): time ran backwards"
        case .sameEventTwice(let source): "\(source.rawValue): the same event twice"
        case .other: "others"
        }
    }
}

extension Rejection {
    /// A few words beside the name of the rejected event.
    fileprivate func text(of kind: EventKind) -> String {
        switch self {
        case .processIsGone: "the process is gone"
        case .happenedBefore: "\(kind.verb) before"
        case .lacks(.deployBegan): "no deploy began"
        case .lacks(.gateHeld): "was not held"
        case .lacks(let kind): "never \(kind.verb)"
        case .resourceIsHeld(let name): "\(name) is held already"
        case .resourceIsNotHeld(let name): "\(name) is not held"
        case .cannotBeHeld: "held already, or gone"
        }
    }
}

extension EventKind {
    /// The last word of its name: "started".
    fileprivate var verb: Substring { rawValue.split(separator: ".").last ?? "" }
}
