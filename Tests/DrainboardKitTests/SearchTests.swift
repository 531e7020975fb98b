import ShutdownTrace
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `The search for the smallest grace period` {
    @Test(arguments: [0, 1, 13, 40, 99, 100])
    func `finds the smallest number that holds`(wanted: Int) {
        #expect(GraceSearch.smallest(likely: 100, limit: 600) { $0 >= wanted } == wanted)
    }

    @Test func `halves what is left with each step`() {
        var asked: [Int] = []
        _ = GraceSearch.smallest(likely: 128, limit: 600) { number in
            asked.append(number)
            return number >= 77
        }
        #expect(asked.count <= 9)
        #expect(asked.last == 77, "the answer holds once more")
    }

    @Test func `goes on where what held once does not hold again`() {
        var isFirst = true
        let found = GraceSearch.smallest(likely: 1, limit: 600) { number in
            if number == 0 { return false }
            defer { isFirst = false }
            return !isFirst && number >= 4
        }
        #expect(found == 4)
    }

    @Test func `never asks beyond the limit`() {
        var most = 0
        let found = GraceSearch.smallest(likely: 1_000, limit: 600) { number in
            most = max(most, number)
            return false
        }
        #expect(found == 600)
        #expect(most < 600)
    }

    @Test func `passes on why a run cannot be made`() {
        #expect(throws: Failure("no")) { try GraceSearch.smallest(likely: 9, limit: 9) { _ in throw Failure("no") } }
    }

    @Test func `tells each supervisor the grace period with a quarter and a second on top`() {
        let lines = GraceSearch.Result(grace: 40, lead: nil, runs: 9).lines(.terminate)
        #expect(lines[0] == "smallest grace period without loss: 4.0 s, in 9 runs")
        #expect(lines.contains("terminationGracePeriodSeconds: 6"))
        #expect(lines.contains("TimeoutStopSec=6s"))
        #expect(lines.contains("stop_grace_period: 6s"))
        #expect(!lines.contains { $0.contains("preStop") || $0.contains("STOPSIGNAL") })
    }

    @Test func `tells supervisors to wait for the lead, and of another signal`() {
        let lines = GraceSearch.Result(grace: 40, lead: 11, runs: 9).lines(.quit)
        #expect(lines.contains("smallest lead behind the balancer: 1.1 s"))
        #expect(lines.contains("          seconds: 2"))
        #expect(lines.contains("ExecStop=/bin/sleep 2"))
        #expect(lines.contains("terminationGracePeriodSeconds: 8"))
        #expect(lines.contains("# in the Dockerfile: STOPSIGNAL SIGQUIT"))
    }
}
