internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A signal to the whole process group, which ends the helper of a job too.
    package static let groupSignal = Scenario(
        "group-signal", .leaving, "Ctrl+C also hits the helper process, and its job is lost",
        signal: .interrupt,
        press: "Press i, which sends SIGINT, in this lesson to the whole process group. There is always a job running.",
        watch: "The server itself shuts down well. Its helpers, processes that did jobs for it, died of the same "
            + "signal, and their jobs are abandoned.",
        why: "Ctrl+C in a terminal, and some supervisors, send the signal to a whole process group. A helper is in "
            + "the group of its parent unless somebody puts it elsewhere, and it has no handler of its own.",
        mend: "Start the helper in a process group of its own, and let the server decide when it ends: when its job "
            + "is done, or at the workers' limit, when the job is handed back.",
        broken: Server(
            Behaviour { $0.helper = .runsJobs(.servers) },
            verdict: Expectation(.dropped, [.jobsSettled]),
            explanations: [
                .serving: "Each job runs in a helper process, which is in the server's process group. Signals go to "
                    + "the whole group here, as Ctrl+C in a terminal does.",
                .leavingRotation: "A helper that ran got the signal as well, and it has no handler: a job that it "
                    + "did is abandoned.",
                .leavingRotation(.jobAbandoned): "The signal went to the helpers too, and they have no handler. The "
                    + "jobs that ran in them are abandoned.",
                .draining: "The server itself does everything right. A job whose helper died of the signal is "
                    + "abandoned all the same.",
                .gone: "The server was asked to leave, its helpers were killed. The signal is the same; the handler "
                    + "makes the difference.",
            ]),
        mended: Server(
            Behaviour { $0.helper = .runsJobs(.own) },
            explanations: [
                .serving: "Each job runs in a helper process with a process group of its own. A signal to the "
                    + "server's group does not reach it.",
                .leavingRotation: "The helpers did not hear the signal. The server decides when they end.",
                .draining: "A job that runs may finish: its helper is in another process group.",
                .releasing(.workers): "The server waits for its helpers, and hands a job back that takes too long.",
                .gone: "Only the server got the signal, and it took care of its helper.",
            ])
    ) { setup in
        // As Ctrl-C in a terminal does, with a job running at any time.
        setup.signalsGroup = true
        setup.keepWorkersBusy()
        setup.changeFirstSignal(to: .group)
    }
}
