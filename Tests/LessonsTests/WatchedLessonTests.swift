import Experiment
import Lessons
import ShutdownTrace
import Testing

@testable import Clients

/// What a person finds who presses the key some seconds after the start, whenever that is.
@Suite(.timeLimit(.minutes(3))) struct `A lesson that somebody watches` {
    /// Moments at which somebody may press a key, in seconds since the traffic began.
    private static let moments = stride(from: 3.0, through: 30, by: 0.25)

    private func intents(_ scenario: Scenario, _ seed: UInt64) -> [Arrivals.Intent] {
        Array(Arrivals(LessonSetup(scenario, pace: .watched).workload, seed: seed).prefix { $0.time < .seconds(31) })
    }

    /// When two workers run their jobs, each of which follows from a charge.
    private func jobs(_ scenario: Scenario, _ seed: UInt64) -> [ClosedRange<Double>] {
        let workload = LessonSetup(scenario, pace: .watched).workload
        var free = [0.0, 0.0]
        let charges = intents(scenario, seed).filter { $0.order != nil }.map {
            (at: $0.time.seconds + 0.8 * $0.duration, takes: workload.receipt(of: $0)?.seconds ?? 0.1)
        }
        return charges.sorted { $0.at < $1.at }.map { charge in
            let worker = free[0] <= free[1] ? 0 : 1
            let start = max(charge.at, free[worker])
            free[worker] = start + charge.takes
            return start...free[worker]
        }
    }

    @Test(arguments: [Scenario.wrongOrder, .earlyFinisher, .escalationLosesOrder, .groupSignal], [1, 2, 3])
    func `has a job that runs, and nearly always one that runs on for half a second`(scenario: Scenario, seed: UInt64) {
        let jobs = jobs(scenario, seed)
        var short = 0
        for moment in Self.moments {
            #expect(jobs.contains { $0.contains(moment) }, "nothing at \(moment) s")
            if !jobs.contains(where: { $0.contains(moment) && $0.contains(moment + 0.5) }) { short += 1 }
        }
        #expect(short <= 5, "\(short) of 109")
    }

    @Test(arguments: [Scenario.secondSignal, .doubleShutdown], [1, 2, 3])
    func `has a payment that will need the ledger seconds later`(scenario: Scenario, seed: UInt64) {
        let payments = intents(scenario, seed).filter { $0.order != nil }
        for moment in Self.moments {
            let isThere = payments.contains { payment in
                payment.time.seconds < moment && payment.time.seconds + 0.8 * payment.duration > moment + 2.5
            }
            #expect(isThere, "nothing at \(moment) s")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `leaves time to choose STOP, and to wait for the limit`(seed: UInt64) throws {
        let limit = try #require(LessonSetup(.stopped, pace: .watched).budgets.drain)
        let reports = intents(.stopped, seed).filter { $0.errand.kind == .report }
        for moment in Self.moments {
            let left = reports.filter { $0.time.seconds < moment }.map { $0.time.seconds + $0.duration - moment }
            #expect(left.max() ?? 0 > 8, "\(left.max() ?? 0) s left at \(moment) s")
        }
        #expect(reports.allSatisfy { .seconds($0.duration) < limit })
    }

    @Test func `starts so slowly that a key can be pressed before`() {
        #expect(LessonSetup(.startupSignal, pace: .watched).arguments.contains("--slow-start"))
        #expect(!LessonSetup(.startupSignal, pace: .checked).arguments.contains("--slow-start"))
    }
}
