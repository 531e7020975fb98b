import ShutdownTrace
import Testing

@testable import Clients

@Suite(.timeLimit(.minutes(3))) struct `The traffic of a workload` {
    @Test func `is the same for the same seed`() {
        let first = Array(Arrivals(.brisk, seed: 7).prefix(2_000))
        let second = Array(Arrivals(.brisk, seed: 7).prefix(2_000))
        #expect(first == second)
        #expect(first != Array(Arrivals(.brisk, seed: 8).prefix(2_000)))
    }

    @Test func `comes at the rate that was asked for, never back in time`() {
        let intents = Array(Arrivals(.demo(rate: 40, drain: .seconds(30)), seed: 1).prefix(8_000))
        let seconds = intents.last?.time.seconds ?? 0
        #expect((190...210).contains(seconds))
        #expect(zip(intents, intents.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test func `keeps about nine slow requests in flight in the demo`() {
        let intents = Array(Arrivals(.demo(rate: 40, drain: .seconds(30)), seed: 1).prefix(8_000))
        let busy = intents.reduce(0) { $0 + $1.duration } / (intents.last?.time.seconds ?? 1)
        #expect((8...10).contains(busy))
        #expect(intents.allSatisfy { $0.duration <= 7 })
    }

    @Test func `asks for nothing that a short drain could not finish`() {
        let intents = Arrivals(.demo(rate: 40, drain: .seconds(1)), seed: 1).prefix(2_000)
        #expect(intents.allSatisfy { $0.duration <= 0.7 })
    }

    @Test func `numbers its orders without a gap`() {
        let orders = Arrivals(.brisk, seed: 3).prefix(1_000).compactMap(\.order)
        #expect(orders == Array(1...orders.count))
    }

    @Test func `is empty without a rate`() {
        #expect(Array(Arrivals(.none, seed: 1)).isEmpty)
    }
}
