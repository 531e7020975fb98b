import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(1))) struct `The spread of some measures` {
    static let middles: [([Double], Double)] = [([3, 1, 2], 2), ([4, 1, 2, 3], 2.5), ([7], 7)]

    @Test(arguments: middles)
    func `has its middle where half of them are below`(values: [Double], median: Double) {
        let spread = Spread(values)
        #expect(spread?.min == values.min())
        #expect(spread?.median == median)
        #expect(spread?.max == values.max())
    }

    @Test func `of none is none`() { #expect(Spread([]) == nil) }

    @Test func `is one number where all are the same`() {
        #expect(Spread([1_100, 1_100])?.words == "1.1 s")
        #expect(Spread([1_000, 1_100, 1_400])?.words == "1.0 s / 1.1 s / 1.4 s")
    }
}
