internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A main that returns when the listener is closed.
    package static let mainReturnsEarly = Scenario(
        "main-returns-early", .leaving, "the listener closes, main returns, exit 0: nobody waited",
        press: "Press t, which sends SIGTERM.",
        watch: "The process leaves within milliseconds and with status 0. Every lane that crosses the signal line is "
            + "cut, and no resource is released.",
        why: "When main returns, the process ends, whatever other tasks or threads are doing. Here the handler closes "
            + "the listener, the call that served returns, and main goes on to its last line.",
        mend: "Let main wait for the shutdown to be complete, not for the listener to be closed.",
        broken: Server(
            Behaviour { $0.release = .nothing },
            verdict: Expectation(.dropped, .gone, mayFail: .followsKill),
            explanations: [
                .serving: "In this server, main waits for the signal, closes the listener and returns. When main "
                    + "returns, the process ends, whatever else is going on in it.",
                .gone: "Exit status 0, and nobody was waited for. The kernel took every resource back; the server "
                    + "released none.",
            ]),
        mended: Server(
            explanations: [
                .serving: "In this server, main waits until the shutdown is complete.",
                .draining: "The listener is closed, and main still waits: for the requests in flight, and for each "
                    + "resource after them.",
                .gone: "Main returned last of all, when there was nothing left to wait for.",
            ]))
}
