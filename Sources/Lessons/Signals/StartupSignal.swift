internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A signal that comes before a server has installed its handlers.
    package static let startupSignal = Scenario(
        "startup-signal", .signals, "the handlers are installed after a slow start: TERM kills it",
        press: "Press t, which sends SIGTERM, while the server is still starting. r starts it again.",
        watch: "The server is still starting when the signal comes, and it is gone at once. Some seconds later the "
            + "same signal would have been handled.",
        why: "Until a handler is installed, the kernel's default action rules, and that of SIGTERM is death. This "
            + "server reads its configuration first, for some seconds. A deploy that is rolled back at once hits this "
            + "window.",
        mend: "Install the handlers first, before the configuration, the database and the network. A signal that "
            + "comes during the start is then remembered, and the server leaves in order as soon as it can.",
        broken: Server(
            Behaviour {
                $0.start = .slow
                $0.arming = .whenServing
            },
            verdict: Expectation(.unhandled, [.leftByItself, .exitStatus], mayFail: .killed.union(Set.followsKill)),
            explanations: [
                .starting: "This server reads its configuration first, which takes some seconds, and only then "
                    + "installs its handlers. A SIGTERM in that window ends it on the spot.",
                .serving: "The window is past: the handlers are installed, and a signal is handled now. To see the "
                    + "fault, the signal has to come while the server is starting.",
                .gone: "The code that handles SIGTERM is there, but it had not run yet. The same signal, some seconds "
                    + "later, would have been handled.",
            ]),
        mended: Server(
            Behaviour { $0.start = .slow },
            verdict: Expectation(.inconclusive),
            explanations: [
                .starting: "The handlers come first here, before the configuration is read. A signal is remembered "
                    + "and obeyed as soon as there is something to release.",
                .signalled: "The signal is remembered: the server finishes its start and then leaves in order.",
                .serving: "The start is over. A signal now takes the same path as one that came during the start.",
                .gone: "It left in order with nobody in flight, so there was nothing to lose and nothing to prove.",
            ])
    ) { setup in
        switch setup.pace {
        // SIGTERM while the server still starts, before it has answered once.
        case .checked: setup.signals = [ScheduledSignal(.terminate, after: .zero, since: .spawn, when: .spoken)]
        // A person gets the time to press the key.
        case .watched: setup.slowStart = .seconds(6)
        }
    }
}
