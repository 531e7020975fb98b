internal import ShutdownTrace

/// The part of the fold that is about what the kernel shows of any server, with or without its help.
extension Board {
    mutating func takeWitness(_ event: Event) {
        switch event.kind {
        case .listenerSeen: listener.goneAt = nil
        case .listenerGone: listener.goneAt = event.time
        default: break
        }
    }
}
