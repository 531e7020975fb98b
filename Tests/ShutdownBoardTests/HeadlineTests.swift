import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The headline of a verdict` {
    static let asked = Run.serving().signal(.terminate)

    static let headlines: [(Run, String)] = [
        (.polite, "exited 0, 26 ms after SIGTERM"),
        (
            asked.drains().after(1.89).signal(.kill).dies(.kill),
            "killed by signal 9 (SIGKILL), 1.9 s after SIGTERM, while draining"
        ),
        (
            asked.server(.shutdownBegan).signal(.kill).dies(.kill),
            "killed by signal 9 (SIGKILL), 3 ms after SIGTERM, while leaving rotation"
        ),
        (asked.signal(.kill).dies(.kill), "killed by signal 9 (SIGKILL), 2 ms after SIGTERM, while serving"),
        (
            asked.drains().server(.drainEnded).server(.resourceReleasing, [.name: "ledger"]).signal(.kill).dies(.kill),
            "killed by signal 9 (SIGKILL), 12 ms after SIGTERM, while releasing the ledger"
        ),
        (
            Run.drained.signal(.kill).dies(.kill),
            "killed by signal 9 (SIGKILL), 27 ms after SIGTERM, after the shutdown"
        ),
        (asked, "still there"), (asked.ends(), "still there at the end of the run"),
        (Run.serving().exits(3), "exited 3, and no signal was sent"),
    ]

    @Test(arguments: headlines.indices)
    func `says how it ended, when, and in the middle of what`(index: Int) {
        #expect(Self.headlines[index].0.verdict.headline == Self.headlines[index].1)
    }

    @Test func `of a lesson does not blame a handler that was there`() {
        let forced = Self.asked.drains().signal(.terminate).dies(.terminate).ends().verdict
        #expect(!forced.lesson.contains("SIGKILL"))
        let hanging = Run.drained.ends().verdict
        #expect(!hanging.lesson.contains("The server is gone"))
        let unreleased = Self.asked.drains().answers(1...3).releases(["rotation"]).exits(0).ends().verdict
        #expect(unreleased.lesson.contains("never"))
    }
}
