import ShutdownBoard
import ShutdownTrace

/// Runs that end in ways which several tests are about.
extension Run {
    /// A process that listens is left, and the one that got the signal drained and exited with 0.
    static func handedOver(
        by signal: Signal, isNew: Bool = true, late: Fate = .answered, last: Fate = .answered,
        others: Fate = .answered
    ) -> Run {
        let fields: Fields = [.pid: 21, .command: "serve", .listens: true]
        let before = serving(traced: false)
        let asked = (isNew ? before : before.saw(.memberSeen, .kernel, fields)).signal(signal, by: "check")
        let drained = (isNew ? asked.saw(.memberSeen, .kernel, fields) : asked).requests(7...9).after(0.5)
            .answers(7...7, others).answers(1...2).answers(3...3, last).exits(0)
        return drained.saw(.processLeftBehind, .supervisor, fields).answers(8...9, late).ends(port: "accepts")
    }

    /// Somebody comes so long before the signal, the kernel shows so many in the accept queue, and its close resets one.
    static func knocking(after span: Double, queued: Int) -> Run {
        Run(traced: false).requests(1...3).after(1).requests(9...9).after(span).signal(.terminate)
            .saw(.socketsSeen, .kernel, [.waiting: .number(queued)]).saw(.listenerGone, .kernel)
            .answers(9...9, .resetUnanswered).after(1).answers(1...3).exits(0).ends()
    }

    /// An idle connection is closed so long after the signal, and the grace period runs out in front of an open door.
    static func letsGo(after span: Double) -> Run {
        serving(traced: false).signal(.terminate).after(span)
            .saw(.connectionClosed, .client, [.id: 5, .kind: "idle", .how: "fin"]).outlivesItsGrace()
    }

    static func announces(before isUsual: Bool) -> Run {
        func closing(_ run: Run, _ id: Int) -> Run {
            run.saw(.requestFinished, .client, [.id: .number(id), .fate: "answered", .closing: true])
        }
        let served = serving(traced: false).requests(6...7)
        return closing((isUsual ? closing(served, 6) : served.answers(6...6)).signal(.terminate), 7).outlivesItsGrace()
    }

    private func outlivesItsGrace() -> Run {
        requests(8...9).answers(1...3).answers(8...9).saw(.graceExpired, .supervisor).signal(.kill, by: "grace")
            .dies(.kill).ends()
    }

    static let politeFromOutside137 = serving(traced: false).signal(.terminate).answers(1...3).signal(.kill).exits(137)
        .ends()

    /// Reloads, each with what it shows.
    static var reloads: [(String, Run)] {
        func worker(_ pid: Int, listens: Bool? = true) -> Fields {
            [.pid: .number(pid), .command: "worker", .listens: listens.map(Fields.Value.bool) ?? .null]
        }
        let hangup = Run.serving(traced: false).saw(.memberSeen, .kernel, worker(21))
            .signal(Signal(rawValue: 1), by: "check")
        func killed(_ run: Run) -> Run {
            run.answers(1...3).saw(.graceExpired, .supervisor).signal(.kill, by: "grace").dies(.kill).ends()
        }
        return [
            (
                "another worker in place of the first",
                killed(hangup.saw(.memberSeen, .kernel, worker(22)).saw(.memberGone, .kernel, [.pid: 21]))
            ),
            (
                "the first only gave up the listener",
                killed(
                    hangup.saw(.memberSeen, .kernel, worker(22))
                        .saw(.memberSeen, .kernel, worker(21, listens: false)))
            ),
            (
                "workers of another user, whose descriptors are hidden",
                killed(
                    Run.serving(traced: false).saw(.memberSeen, .kernel, worker(21, listens: nil))
                        .signal(Signal(rawValue: 1), by: "check")
                        .saw(.memberSeen, .kernel, worker(22, listens: nil)).saw(.memberGone, .kernel, [.pid: 21]))
            ),
            ("listened anew", killed(hangup.saw(.listenerGone, .kernel).saw(.listenerSeen, .kernel))),
            ("a successor serves on the same port", .handedOver(by: .hangup)),
            ("by SIGUSR2", .handedOver(by: .user2)),
        ]
    }
}
