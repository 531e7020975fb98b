import ShutdownTrace
import Testing

@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `The grace period` {
    @Test func `begins with the first signal and no later one`() {
        var grace = GracePeriod(.seconds(10))
        #expect(grace.expiry == nil)
        #expect(grace.begin(at: .seconds(1)) == true)
        #expect(grace.begin(at: .seconds(5)) == false)
        #expect(grace.expiry == .seconds(11))
    }

    @Test func `stands still while a server is held that was told to hold`() {
        var grace = GracePeriod(.seconds(10))
        _ = grace.begin(at: .seconds(1))
        #expect(grace.hold(at: .seconds(2)) == false)
        grace.mayBeHeld = true
        #expect(grace.hold(at: .seconds(3)) == true)
        #expect(grace.hold(at: .seconds(4)) == false)
        #expect(grace.expiry == nil)
        #expect(grace.release(at: .seconds(8)) == true)
        #expect(grace.release(at: .seconds(9)) == false)
        #expect(grace.expiry == .seconds(16))
    }

    @Test func `loses only the time after the signal to a hold that began before`() {
        var grace = GracePeriod(.seconds(10))
        grace.mayBeHeld = true
        _ = grace.hold(at: .seconds(1))
        _ = grace.begin(at: .seconds(4))
        #expect(grace.expiry == nil)
        _ = grace.release(at: .seconds(6))
        #expect(grace.expiry == .seconds(16))
    }

    @Test func `moves its end with its length`() {
        var grace = GracePeriod(.seconds(10))
        _ = grace.setLength(.seconds(20))
        _ = grace.begin(at: .seconds(1))
        #expect(grace.expiry == .seconds(21))
        _ = grace.setLength(.seconds(5))
        #expect(grace.expiry == .seconds(6))
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The state of a run` {
    @Test func `has no server before one runs`() {
        var state = RunState()
        #expect(state.server == nil && state.parts == nil && !state.hasBegun)
        let change: Void? = state.withServer { _ in }
        #expect(change == nil)
        state.end()
        #expect(!state.hasBegun)
    }

    @Test func `keeps that the server served, whatever comes later`() {
        var state = RunState()
        state.timeOut(ports: [80], isSilent: false)
        #expect(state.start == .timedOut(ports: [80], isSilent: false))
        state.beginServing()
        state.timeOut(ports: [], isSilent: true)
        #expect(state.start == .serving)
    }

    @Test func `keeps the first error that cut it short`() {
        var state = RunState()
        #expect(!state.isAbandoned)
        state.abandon()
        #expect(state.isAbandoned && state.failure == nil)
        state.abandon(because: .haproxyMissing)
        state.abandon(because: .portBusy(1))
        state.abandon()
        #expect(state.failure == .haproxyMissing)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `A kept lead` {
    private func event(_ kind: EventKind, at seconds: Double) -> Event {
        Event(kind, from: .balancer, at: .seconds(seconds))
    }

    @Test func `may end once the server is out of rotation, whichever report comes first`() {
        var lead = KeptLead()
        lead.isLong = true
        #expect(lead.take(event(.rotationEntered, at: 1)) == nil)
        #expect(lead.take(event(.readinessLowered, at: 2)) == nil)
        #expect(lead.take(event(.rotationLeft, at: 3)) == .seconds(2))
        var late = KeptLead()
        late.isLong = true
        #expect(late.take(event(.rotationEntered, at: 1)) == nil)
        #expect(late.take(event(.rotationLeft, at: 2)) == nil)
        #expect(late.take(event(.readinessLowered, at: 3)) == .seconds(3))
    }

    @Test func `is left alone when it was not made longer`() {
        var lead = KeptLead()
        _ = lead.take(event(.readinessLowered, at: 2))
        #expect(lead.take(event(.rotationLeft, at: 3)) == nil)
    }
}
