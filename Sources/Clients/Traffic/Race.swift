import Platform
import ShutdownTrace

/// The instants at which idle connections are used once more, close to the first signal.
///
/// The signal's instant is set once. The same seed gives the same distances from it, evenly spread over the window.
struct Race: Sendable {
    let seed: UInt64
    private let window: Time
    private var signal: (time: Time, isAnnounced: Bool)?
    private var waiting: [Int: OneShotEvent] = [:]

    init(seed: UInt64, window: Time) {
        self.seed = seed
        self.window = window
    }

    var hasBegun: Bool { signal != nil }

    /// Wakes the racers, of which some run ahead of an announced signal; a second call does nothing.
    mutating func begin(around time: Time, isAnnounced: Bool) {
        guard signal == nil else { return }
        signal = (time, isAnnounced)
        wakeAll()
    }

    /// When this racer runs; nil before the race has begun.
    func start(of index: Int) -> Time? {
        guard let signal else { return nil }
        var random = SplitMix(seed: seed ^ (0x5241_4345 &* UInt64(index + 1)))
        let offset = 2 * random.unit() - 1
        let share = signal.isAnnounced ? offset : abs(offset)
        return signal.time + Time(microseconds: Int64(share * Double(window.microseconds)))
    }

    /// Adds a racer; the event that wakes it has fired already when the race has begun.
    mutating func join(_ index: Int) -> OneShotEvent {
        let woken = OneShotEvent()
        if hasBegun { woken.fire() } else { waiting[index] = woken }
        return woken
    }

    mutating func leave(_ index: Int) { waiting[index] = nil }

    mutating func wakeAll() {
        for event in waiting.values { event.fire() }
        waiting = [:]
    }
}
