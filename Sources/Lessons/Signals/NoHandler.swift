internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A server without a line of signal code, and one with handlers.
    package static let noHandler = Scenario(
        "no-handler", .signals, "no signal code at all: SIGTERM ends the process on the spot",
        press: "Press t, which sends SIGTERM.",
        watch: "The process is gone at the signal line. Every lane that crosses it is cut, no resource is released, "
            + "the write-ahead log is left behind and the end of the access log is missing.",
        why: "A process that neither catches nor ignores SIGTERM is ended by the kernel's default action. None of its "
            + "own code runs: no clean-up, no goodbye, no flush.",
        mend: "Catch SIGTERM and SIGINT before anything slow begins, and shut down in order: see polite.",
        broken: Server(
            Behaviour { $0.arming = .never },
            verdict: Expectation(.unhandled, .gone.union([.leftByItself, .exitStatus]), mayFail: .followsKill),
            explanations: [
                .serving: "There is no line of signal code in this server. It serves as well as any other, and "
                    + "nothing shows the fault until a signal comes.",
                .gone: "Nothing of the server's own code ran after the signal. The kernel closed its sockets, so "
                    + "the clients were cut, and what was still in memory is lost.",
            ]),
        mended: Server(
            explanations: [
                .serving: "The handlers were installed before anything else. A signal now starts the server's own "
                    + "shutdown instead of ending the process.",
                .draining: "The broken server would be dead by now. Here the handler only says that it is time, and "
                    + "the requests in flight go on.",
                .gone: "A handler that does nothing but start the shutdown was enough. The rest is the order of the "
                    + "release.",
            ]))
}
