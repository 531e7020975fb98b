import Platform
import Synchronization
import Testing

/// The one state is the process's own, so these run one after the other.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `A program that is being started` {
    @Test func `is waited for by whoever would stop the process`() async throws {
        let spawning = await Spawning.begin()
        let hasBegun = Atomic(false)
        let (stops, stop) = AsyncStream.makeStream(of: Bool.self)
        startThread {
            Spawning.exclude {
                stop.yield(hasBegun.load(ordering: .acquiring))
                stop.finish()
            }
        }
        // Long enough for the thread to come first, if it did not wait.
        for _ in 0..<100 { await Task.yield() }
        hasBegun.store(true, ordering: .releasing)
        spawning.end()
        for await cameAfter in stops { #expect(cameAfter) }
    }

    @Test func `begins when the stop is over, however many wait`() async {
        var waiting: [Task<Spawning, Never>] = []
        Spawning.exclude { waiting = (0..<100).map { _ in Task { await Spawning.begin() } } }
        for task in waiting { await task.value.end() }
    }

    @Test func `hinders no other one`() async {
        let all = await withTaskGroup(of: Spawning.self) { group in
            for _ in 0..<100 { group.addTask { await Spawning.begin() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all.count == 100)
        for spawning in all {
            spawning.end()
            spawning.end()
        }
        var isFree = false
        Spawning.exclude { isFree = true }
        #expect(isFree)
    }
}
