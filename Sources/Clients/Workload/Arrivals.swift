import Glibc
import Platform
package import ShutdownTrace

/// The requests that a workload intends, one after the other, decided by the seed alone.
///
/// All random choices about a request are made here before it is sent, so that the server cannot change what is intended.
package struct Arrivals: Sequence, IteratorProtocol, Sendable {
    package struct Intent: Hashable, Sendable {
        /// The time since the start of the traffic.
        package var time: Time
        package var errand: Workload.Errand
        /// Seconds that the server is asked to take.
        package var duration: Double
        /// The order of a payment, from 1.
        package var order: Int?
        package var amount: Int
        /// Whether it opens a connection of its own instead of taking an idle one.
        package var isFresh: Bool
        /// Stretches the waits before a retry, 0...1.
        package var patience: Double
    }

    private let workload: Workload
    private let total: Double
    private var random: SplitMix
    private var time = 0.0
    private var orders = 0

    package init(_ workload: Workload, seed: UInt64) {
        self.workload = workload
        total = workload.mix.reduce(0) { $0 + $1.weight }
        random = SplitMix(seed: seed)
    }

    package mutating func next() -> Intent? {
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
            patience: random.unit())
        let span = random.unit()
        let amount = random.unit()
        if let range = errand.range {
            intent.duration = range.lowerBound + span * (range.upperBound - range.lowerBound)
        }
        if case .payment = errand {
            orders += 1
            intent.order = orders
            intent.amount = 100 + Int(amount * 99_900)
        }
        return intent
    }
}
