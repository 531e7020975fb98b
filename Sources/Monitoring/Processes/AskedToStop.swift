package import ShutdownTrace

/// The first signal that asked a server to stop, and who got it.
package struct AskedToStop: Hashable, Sendable {
    package var signal: Signal
    package var target: SignalTarget

    package init(_ signal: Signal, to target: SignalTarget) {
        self.signal = signal
        self.target = target
    }
}
