import ShutdownTrace
import Testing

@testable import Experiment

@Suite(.timeLimit(.minutes(3))) struct `The balancer` {
    @Test func `takes a server in with the first probe that passes`() {
        var rotation = RotationState(threshold: 2)
        #expect(names(rotation.take(.failed(status: 503, cause: ""), took: .zero)) == [])
        #expect(names(rotation.take(.passed(status: 200), took: .zero)) == [.probePassed, .rotationEntered])
        #expect(names(rotation.take(.passed(status: 200), took: .zero)) == [])
        #expect(rotation.isIn)
    }

    @Test func `takes it out only after so many failures in a row`() {
        var rotation = RotationState(threshold: 3)
        _ = rotation.take(.passed(status: 200), took: .zero)
        #expect(names(rotation.take(.failed(status: 503, cause: ""), took: .zero)) == [.probeFailed])
        #expect(names(rotation.take(.failed(status: nil, cause: "refused"), took: .zero)) == [.probeFailed])
        #expect(names(rotation.take(.passed(status: 200), took: .zero)) == [.probePassed])
        _ = rotation.take(.failed(status: 503, cause: ""), took: .zero)
        _ = rotation.take(.failed(status: 503, cause: ""), took: .zero)
        let last = rotation.take(.failed(status: 503, cause: ""), took: .zero)
        #expect(names(last) == [.probeFailed, .rotationLeft])
        #expect(last.last == .rotationLeft(failures: 3))
        #expect(!rotation.isIn)
    }

    @Test func `says nothing more of a server that is out`() {
        var rotation = RotationState(threshold: 1)
        _ = rotation.take(.passed(status: 200), took: .zero)
        _ = rotation.take(.failed(status: nil, cause: "refused"), took: .zero)
        #expect(names(rotation.take(.failed(status: nil, cause: "refused"), took: .zero)) == [])
    }

    private func names(_ events: [BalancerEvent]) -> [EventKind] { kinds(of: events) }
}

@Suite(.timeLimit(.minutes(3))) struct `A probe before the first that passed` {
    private let wrong = RotationState.Probe.failed(status: 404, cause: "")

    @Test func `is news after a second, and when another answer comes`() {
        var early = EarlyProbes()
        #expect(early.take(wrong, at: .zero, threshold: 2) == nil)
        #expect(early.take(wrong, at: .seconds(0.9), threshold: 2) == nil)
        let told = early.take(wrong, at: .seconds(1), threshold: 2)
        #expect(told == .probeFailed(.init(failures: 3, threshold: 2, status: 404, cause: nil)))
        #expect(early.take(wrong, at: .seconds(1.1), threshold: 2) == nil)
        let other = early.take(.failed(status: nil, cause: "refused"), at: .seconds(1.2), threshold: 2)
        #expect(other == .probeFailed(.init(failures: 1, threshold: 2, status: nil, cause: "refused")))
    }

    @Test func `is hopeless when each answer for two seconds was 4xx`() {
        var early = EarlyProbes()
        _ = early.take(wrong, at: .seconds(1), threshold: 2)
        #expect(early.hopeless(at: .seconds(2.9), limit: .seconds(10)) == nil)
        _ = early.take(wrong, at: .seconds(3), threshold: 2)
        #expect(early.hopeless(at: .seconds(3), limit: .seconds(10)) == .seconds(2))
        #expect(early.answer.words == "answered 404 Not Found, 2 times")
    }

    @Test func `is not hopeless before its time while the server says that it is not ready`() {
        var early = EarlyProbes()
        _ = early.take(wrong, at: .zero, threshold: 2)
        _ = early.take(.failed(status: 503, cause: ""), at: .seconds(3), threshold: 2)
        #expect(early.hopeless(at: .seconds(9), limit: .seconds(10)) == nil)
        #expect(early.hopeless(at: .seconds(10), limit: .seconds(10)) == .seconds(10))
        #expect(early.answer.words == "answered 503 Service Unavailable, once")
    }

    @Test func `says nothing once one has passed`() {
        var early = EarlyProbes()
        _ = early.take(.passed(status: 200), at: .zero, threshold: 2)
        #expect(early.take(wrong, at: .seconds(5), threshold: 2) == nil)
        #expect(early.hopeless(at: .seconds(20), limit: .seconds(10)) == nil)
    }
}
