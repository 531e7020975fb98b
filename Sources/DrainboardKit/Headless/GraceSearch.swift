package import Experiment
import ShutdownBoard
package import ShutdownTrace

/// The smallest grace period, and the smallest lead behind a balancer, with which this program loses nothing.
///
/// Every step is a run with a fresh process. A tenth of a second is the step, a minute the limit.
package struct GraceSearch {
    let signal: Signal
    /// Makes the plan for one run.
    let plan: () throws -> Plan
    /// How long new clients still come once the balancer should have stopped sending them; nil for no balancer.
    let lag: Time?

    package init(signal: Signal, plan: @escaping () throws -> Plan, lag: Time?) {
        self.signal = signal
        self.plan = plan
        self.lag = lag
    }

    /// What was found, in tenths of a second.
    package struct Result {
        var grace: Int
        var lead: Int?
        var runs: Int
    }

    private static let most = 600

    /// Searches.
    ///
    /// - Throws: `Failure`, when no grace period helps or a run could not be made.
    package func run() throws -> Result {
        var runs = 0
        let first = Judge(try board(grace: Self.most, &runs)).verdict
        guard first.word.isGraceful else {
            throw Failure(
                "No grace period helps: with 60 s the verdict is \(first.word.rawValue) (\(first.headline)). "
                    + first.lesson)
        }
        let took = Int(((first.numbers[.signalToExitMs] ?? 0) / 100).rounded(.up))
        let grace = try Self.smallest(likely: took + 2, limit: Self.most) { try isGraceful($0, &runs) }
        guard let lag else { return Result(grace: grace, lead: nil, runs: runs) }
        let tenths = Int((lag.seconds * 10).rounded(.up))
        let lead = try Self.smallest(likely: tenths, limit: tenths) { try isServed(lead: $0, tenths, &runs) }
        return Result(grace: grace, lead: lead, runs: runs)
    }

    /// The smallest number, from 0, for which something holds twice.
    ///
    /// The requests of two runs are not equally old, so what held once may not hold again. It is taken to hold for the
    /// likely number, and twice for the limit, which the answer never exceeds.
    static func smallest(likely: Int, limit: Int, _ holds: (Int) throws -> Bool) rethrows -> Int {
        var low = 0
        var high = min(likely, limit)
        while low < high {
            let middle = (low + high) / 2
            if try holds(middle) { high = middle } else { low = middle + 1 }
        }
        while low < limit, try !holds(low) { low += 1 }
        return low
    }

    private func isGraceful(_ grace: Int, _ runs: inout Int) throws -> Bool {
        guard grace > 0 else { return false }
        return Judge(try board(grace: grace, &runs)).verdict.word.isGraceful
    }

    /// Whether all clients are served that come until the lag is over, with the signal sent after the lead.
    private func isServed(lead: Int, _ lag: Int, _ runs: inout Int) throws -> Bool {
        let rest = Time(microseconds: Int64(lag - lead) * 100_000)
        let board = try board(grace: Self.most, &runs) { event, experiment in
            guard case .signal(.sent(let sent))? = try? event.payload, sent.by == .check else { return }
            Task {
                try? await Task.sleep(for: .microseconds(rest.microseconds))
                experiment.endTraffic()
            }
        }
        return Judge(board).verdict.word.isGraceful
            && board.traffic.fatesAfterSignal.allSatisfy { $0.key == .answered || $0.key == .unmarked }
    }

    private func board(grace: Int, _ runs: inout Int, react: HeadlessRun.Reaction? = nil) throws -> Board {
        runs += 1
        Progress.show("run \(runs) of a search")
        var plan = try plan()
        plan.grace = Time(microseconds: Int64(grace) * 100_000)
        plan.keeping = .nowhere
        let run = HeadlessRun(plan, react: react)
        try run.wait()
        return run.board
    }
}

extension GraceSearch.Result {
    /// What was found, and the settings of supervisors that follow from it.
    package func lines(_ signal: Signal) -> [String] {
        let lead = lead ?? 0
        // A quarter and a second more: the slowest request of the measured runs is not the slowest there is.
        let grace = Int((Double(grace) / 8 + 1).rounded(.up))
        let sleep = (lead + 9) / 10
        var lines = ["smallest grace period without loss: \(Self.seconds(self.grace)), in \(runs) runs"]
        if self.lead != nil { lines.append("smallest lead behind the balancer: \(Self.seconds(lead))") }
        lines += ["", "With a quarter and a second on top:", "", "# Kubernetes"]
        if signal != .terminate { lines.append("# in the Dockerfile: STOPSIGNAL \(signal.name)") }
        lines += ["terminationGracePeriodSeconds: \(grace + sleep)"]
        if sleep > 0 {
            lines += [
                "containers:", "  - lifecycle:", "      preStop:", "        sleep:", "          seconds: \(sleep)",
            ]
        }
        lines += ["", "# systemd", "[Service]"]
        if sleep > 0 { lines.append("ExecStop=/bin/sleep \(sleep)") }
        lines += ["KillSignal=\(signal.name)", "TimeoutStopSec=\(grace + sleep)s"]
        return lines + ["", "# Compose", "stop_signal: \(signal.name)", "stop_grace_period: \(grace)s"]
    }

    private static func seconds(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10) s" }
}
