internal import ShutdownTrace

/// How long one thread of the server was ready to run and had no processor, from the signal on: what a busy machine
/// adds to the times of a run.
struct ProcessorWaits: Hashable, Sendable {
    /// Sums since the signal, in the order of their times; at most ``most``.
    private var sums: [Sum] = []

    private struct Sum: Hashable, Sendable {
        var at: Time
        var wait: Time
    }

    static let most = 1_024

    mutating func note(_ wait: Time, at time: Time) {
        guard wait > total else { return }
        if sums.count == Self.most { sums.removeLast() }
        sums.append(Sum(at: time, wait: wait))
    }

    /// From the signal to the exit.
    var total: Time { sums.last?.wait ?? .zero }

    /// From then to the exit.
    func since(_ time: Time) -> Time { total - (sums.last { $0.at <= time }?.wait ?? .zero) }
}
