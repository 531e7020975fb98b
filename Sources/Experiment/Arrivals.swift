import Glibc
public import ShutdownTrace

/// The requests that a workload intends, one after the other, decided by the seed alone.
///
/// Everything that chance decides about a request is drawn here, before it is sent, so what the server does can never
/// change what is intended.
public struct Arrivals: Sequence, IteratorProtocol, Sendable {
    /// One intended request and how its client will behave.
    public struct Intent: Hashable, Sendable {
        /// Since the start of the traffic.
        public var time: Time
        public var errand: Workload.Errand
        /// Seconds that the server is asked to take.
        public var duration: Double
        /// The order of a payment, from 1.
        public var order: Int?
        /// In cents.
        public var amount: Int
        /// Whether it opens a connection of its own instead of taking an idle one.
        public var isFresh: Bool
        /// Whether a client without an idempotency key sends an unanswered payment again.
        public var retriesBlindly: Bool
        /// Stretches the waits before a retry, 0...1.
        public var patience: Double
    }

    private let workload: Workload
    private let total: Double
    private var random: SplitMix
    private var time = 0.0
    private var orders = 0

    public init(_ workload: Workload, seed: UInt64) {
        self.workload = workload
        total = workload.mix.reduce(0) { $0 + $1.weight }
        random = SplitMix(seed: seed)
    }

    /// The next request; nil when the workload has none.
    public mutating func next() -> Intent? {
        guard workload.rate > 0, total > 0, let last = workload.mix.last else { return nil }
        // Gaps between the arrivals of a Poisson process are exponential; 1 - u is never 0.
        time += -log(1 - random.unit()) / workload.rate
        var rest = random.unit() * total
        let share = workload.mix.first { share in
            rest -= share.weight
            return rest < 0
        }
        let errand = (share ?? last).errand
        var intent = Intent(
            time: .seconds(time), errand: errand, duration: 0, order: nil, amount: 0, isFresh: random.unit() < 0.5,
            retriesBlindly: random.unit() < 0.5, patience: random.unit())
        let (span, amount) = (random.unit(), random.unit())
        switch errand {
        case .fast: break
        case .report(let range): intent.duration = range.lowerBound + span * (range.upperBound - range.lowerBound)
        case .payment(let range, _):
            intent.duration = range.lowerBound + span * (range.upperBound - range.lowerBound)
            orders += 1
            intent.order = orders
            intent.amount = 100 + Int(amount * 99_900)
        }
        return intent
    }
}

/// A small generator whose sequence is fixed for ever (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
/// Generators, 2014).
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
