import Clients
internal import DemoServer
internal import Experiment
internal import ShutdownBoard

extension Scenario {
    /// Two ways to ask a server to leave, each with a clean-up of its own.
    package static let doubleShutdown = Scenario(
        "double-shutdown", .cleanUp, "POST /shutdown and SIGTERM each run a clean-up of their own",
        press: "Press t, which sends SIGTERM. A client posts to /shutdown at the same time by itself.",
        watch: "Two clean-ups run beside each other. Resources are closed twice, and payments find the ledger closed: "
            + "they get a 503, which is a whole answer and not the one that they came for.",
        why: "There are two ways to ask this server to leave, and each was written with its own clean-up. A deploy "
            + "tool calls the route, the supervisor sends the signal a moment later.",
        mend: "However many ways there are to ask, they set off one shutdown, and whoever asks later joins it.",
        broken: Server(
            Behaviour { $0.stopRoute = .startsItsOwn },
            verdict: Expectation(.wrongOrder, [.releasedInOrder], mayFail: .disorder, or: [.dropped]),
            explanations: [
                .serving: "This server can be asked to leave by a signal and by POST /shutdown. Each way has a "
                    + "clean-up of its own.",
                .leavingRotation: "The server was asked twice: by the signal, and by the POST /shutdown that a "
                    + "deploy tool sends just after it. Two clean-ups run, and the second one waits for no request.",
                .leavingRotation(.ledgerClosed): "The POST /shutdown started a clean-up of its own, which has closed "
                    + "the ledger. The server is still in its lead, and payments are turned away.",
                .draining: "Two clean-ups run beside each other. The second does not wait for requests in flight "
                    + "before it closes the ledger.",
                .draining(.ledgerClosed): "The second clean-up did not wait for the requests in flight: the ledger is "
                    + "closed, and a payment that still needs it gets a 503.",
                .gone: "Two ways to ask made two clean-ups. The second closed the ledger without waiting for the "
                    + "payments in flight.",
            ]),
        mended: Server(
            Behaviour { $0.stopRoute = .joins },
            explanations: [
                .serving: "This server can be asked to leave by a signal and by POST /shutdown. Both ask for the "
                    + "same one shutdown.",
                .leavingRotation: "Whoever asks again, in whichever way, joins the shutdown that has begun.",
                .draining: "However many have asked, one shutdown waits for the requests in flight.",
                .gone: "Both ways led to one shutdown, so everything was released once.",
            ])
    ) { setup in
        setup.workload.farewell = "/shutdown"
        setup.lengthenPayments()
    }
}
