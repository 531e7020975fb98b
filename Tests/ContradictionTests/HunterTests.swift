import Testing

/// The contradiction hunter over every recording: each is a test, so that the first lie of each is seen.
@Suite(.timeLimit(.minutes(20))) struct `A picture of a run` {
    @Test(arguments: Recorded.all) func `says nothing that is not so`(run: Recorded) {
        var hunter = Hunter()
        hunter.hunt(run)
        #expect(hunter.pictures > run.events.count)
        for (name, found) in hunter.found.sorted(by: { $0.key < $1.key }) {
            Issue.record("\(name): \(found.count) times, first \(found.first)")
        }
    }

    @Test func `is taken of every recording`() {
        #expect(Recorded.all.count >= 27)
        #expect(Recorded.all.filter { $0.playing == nil }.map(\.name) == [])
        #expect(Set(Claim.all.map(\.name)).count == Claim.all.count)
    }
}
