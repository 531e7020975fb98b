import Clients
internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A drain whose limit runs on while the process is stopped.
    package static let stopped = Scenario(
        "stopped", .limits, "frozen in the drain; when it wakes, all its time is spent",
        press: "Press t, which sends SIGTERM. While it drains, press s and choose STOP. When the limit of the drain "
            + "is over, press s and choose CONT.",
        watch: "While the process is stopped, nothing moves but the clock. When it goes on, the drain's limit has "
            + "passed, and reports are cut that needed only a little longer.",
        why: "The clock runs on while a process is stopped (SIGSTOP, a paused machine, a debugger). Afterwards all "
            + "timers that came due fire together, the limit among them, although the server has done nothing "
            + "meanwhile.",
        mend: "Count the limit in short ticks of the process's own running time, so that a pause costs one tick. The "
            + "supervisor's grace period must allow for the pause all the same.",
        broken: Server(
            // Some request is always cut. Which one, and whether it was about to use the ledger, depends on the instant.
            verdict: Expectation(
                .dropped, [.notForced, .exitStatus],
                mayFail: [.inFlightAnswered, .lateAnswered, .noPaymentInDoubt, .databaseUnused, .leftPromptly]),
            explanations: [
                .serving: "This server counts the limit of its drain on a clock that runs on while the process is "
                    + "stopped.",
                .draining: "SIGSTOP during the drain stops the work but not the clock. After SIGCONT the limit may "
                    + "be over, although the server had no time to work.",
                .draining(.frozen): "The reports stand still half done, and the clock of the limit runs. Wait until "
                    + "the limit is over, then send CONT, from the list that s opens.",
                .gone: "Time in which a process stands still is counted as time to work here. What needs only a "
                    + "little longer is cut then.",
            ]),
        mended: Server(
            Behaviour { $0.drain = .limitedInRunningTime },
            explanations: [
                .serving: "This server counts the limit of its drain in short ticks of its own running time.",
                .draining: "Time in which the process is stopped does not count against the limit. The supervisor's "
                    + "grace period runs on all the same.",
                .draining(.frozen): "The reports stand still half done, and so does the limit, which counts running "
                    + "time only. Send CONT, and the work goes on with what was left of it.",
                .gone: "A pause costs this server one short tick of its limit, not the whole pause.",
            ])
    ) { setup in
        setup.limitDrain(checked: .seconds(1.3), watched: .seconds(18))
        // A pause then leaves a person as much to be done as there was.
        setup.workload.reportsAreComputed = setup.pace == .watched
        // A person needs some seconds for the menu, and arrivals have gaps.
        setup.setReports(setup.pace == .checked ? 1.8...2.0 : 12...14)
        // Payments would go on at the bank during the pause.
        setup.removePayments()
        guard setup.pace == .checked else { return }
        setup.shortenLead()
        // The limit of WebSockets runs on by the clock, and the lesson is about requests.
        setup.workload.websockets = 0
        setup.sendInDrain(.stop)
        // By then the drain has taken longer than it may, whenever it began.
        setup.signals.append(ScheduledSignal(.resume, after: .seconds(1.2), since: .signal(setup.signals.count - 1)))
    }
}
