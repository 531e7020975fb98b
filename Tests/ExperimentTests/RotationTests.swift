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
