import Platform
import ShutdownTrace
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A one-shot event` {
    @Test func `resumes its waiters, now and later`() async {
        let event = OneShotEvent()
        async let early: Void = event.wait()
        async let earlyOutcome = event.outcome()
        event.fire()
        event.fire()
        await early
        await event.wait()

        #expect(await earlyOutcome == .fired)
        #expect(await event.outcome(within: .zero, unless: OneShotEvent()) == .fired)
        #expect(event.hasFired)
    }

    @Test(arguments: [OneShotEvent.LimitClock.monotonic, .running])
    func `is waited for no longer than the limit`(clock: OneShotEvent.LimitClock) async {
        #expect(await OneShotEvent().outcome(within: .milliseconds(60), by: clock) == .timedOut)
    }

    @Test func `is overtaken by another event`() async {
        let other = OneShotEvent()
        async let outcome = OneShotEvent().outcome(within: .seconds(60), unless: other)
        other.fire()
        #expect(await outcome == .overtaken)
    }

    @Test func `is not waited for by a cancelled task, unless it asks for the outcome`() async {
        let event = OneShotEvent()
        let waiting = Task { await event.wait() }
        let asking = Task { await event.outcome(within: .milliseconds(60)) }
        waiting.cancel()
        asking.cancel()
        await waiting.value
        #expect(!event.hasFired)
        #expect(await asking.value == .timedOut)
    }

    @Test func `runs its watchers in their order, each once, and none that was removed`() {
        let event = OneShotEvent()
        let seen = Mutex<[Int]>([])
        let removals = (1...4).map { number in event.watch { seen.withLock { $0.append(number) } } }
        removals[1]()
        event.fire()
        event.fire()
        event.watch { seen.withLock { $0.append(5) } }
        #expect(seen.withLock(\.self) == [1, 3, 4, 5])
    }
}
