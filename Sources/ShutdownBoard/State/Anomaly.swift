package import ShutdownTrace

/// Something in a trace that cannot have happened; `Feed/Anomaly+Text.swift` makes the sentence.
package enum Anomaly: Hashable, Sendable {
    /// An event of this kind that the state of the board rules out.
    case impossible(EventKind, Rejection)
    /// An event of this kind that lacks a value without which it means nothing.
    case incomplete(EventKind, Payload.Missing)
    /// An event of this source that is much older than the one before it.
    case timeRanBackwards(Source)
    /// An event of this source whose number came before.
    case sameEventTwice(Source)
    /// Any more, once there are many different ones.
    case other
}

/// Why an event cannot have happened in the state that the board is in.
package enum Rejection: Error, Hashable, Sendable {
    case processIsGone
    /// An event of the same kind about the same thing came before.
    case happenedBefore
    /// An event of this kind about the same thing has to come first.
    case lacks(EventKind)
    case resourceIsHeld(ResourceName)
    case resourceIsNotHeld(ResourceName)
    /// The gate is held already, or there is no process to hold.
    case cannotBeHeld
}
