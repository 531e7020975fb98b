/// A set of signals, as a kernel keeps it: one bit each (sigset_t; SigCgt of proc_pid_status(5)).
public struct SignalSet: Hashable, Sendable, RawRepresentable {
    /// Bit 0 is signal 1.
    public var rawValue: UInt64

    public init(rawValue: UInt64 = 0) { self.rawValue = rawValue }

    /// Signals beyond 1...64 are left out.
    public init(_ signals: some Sequence<Signal>) {
        self.init()
        for signal in signals { insert(signal) }
    }

    public func contains(_ signal: Signal) -> Bool { rawValue & Self.bit(signal) != 0 }

    public mutating func insert(_ signal: Signal) { rawValue |= Self.bit(signal) }

    public var isEmpty: Bool { rawValue == 0 }

    private static func bit(_ signal: Signal) -> UInt64 {
        (1...64).contains(signal.rawValue) ? 1 << (UInt64(signal.rawValue) - 1) : 0
    }
}

extension SignalSet: Sequence, ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Signal...) { self.init(elements) }

    /// The signals in the order of their numbers.
    public func makeIterator() -> some IteratorProtocol<Signal> {
        (1...64 as ClosedRange<Int32>).lazy.map(Signal.init(rawValue:)).filter(contains).makeIterator()
    }
}

/// What a process does with each signal (proc_pid_status(5): SigCgt, SigIgn, SigBlk).
///
/// `blocked` is what every thread of it blocks: a signal that one thread does not block still gets through.
public struct SignalMasks: Hashable, Sendable {
    public var caught: SignalSet
    public var ignored: SignalSet
    public var blocked: SignalSet

    public init(caught: SignalSet = [], ignored: SignalSet = [], blocked: SignalSet = []) {
        self.caught = caught
        self.ignored = ignored
        self.blocked = blocked
    }

    init(_ fields: Fields) {
        self.init(caught: fields.signals(.caught), ignored: fields.signals(.ignored), blocked: fields.signals(.blocked))
    }
}
