import Glibc
import Platform
import ShutdownTrace
import Synchronization
import TestSupport
import Testing

@testable import Monitoring

@Suite(.timeLimit(.minutes(1))) struct `Waits for a processor` {
    @Test func `count from the first look on, by the thread that waited longest`() {
        var waits = ProcessorWaitSampler()
        #expect(waits.take([1: 900_000_000, 2: 0]) == nil)
        #expect(waits.take([1: 949_000_000, 2: 10_000_000]) == nil)
        #expect(waits.take([1: 960_000_000, 2: 70_000_000]) == .milliseconds(70))
        // A thread that is new waited all its time since the signal.
        #expect(waits.take([1: 960_000_000, 3: 130_000_000]) == .milliseconds(130))
        #expect(waits.take([1: 960_000_000, 3: 170_000_000]) == nil)
    }

    @Test func `are read of a process that is kept from its processor`() async throws {
        final class Crowd: Sendable {
            let isOver = Atomic(false)
        }
        var waits = ProcessorWaitSampler()
        let me = [Int(getpid())]
        #expect(waits.look(at: me) == nil)
        let crowd = Crowd()
        defer { crowd.isOver.store(true, ordering: .relaxed) }
        // One thread more than processors, busy until one of them was seen to wait.
        for _ in 0...sysconf(Int32(_SC_NPROCESSORS_ONLN)) {
            startThread { while !crowd.isOver.load(ordering: .relaxed) {} }
        }
        var seen: Time?
        try await until {
            seen = waits.look(at: me)
            return seen != nil
        }
        #expect(seen.map { $0 >= ProcessorWaitSampler.step } == true)
    }
}
