import Clients
internal import DemoServer
internal import Experiment
internal import ShutdownBoard

extension Scenario {
    /// An exit status that says nothing of the clients that were cut.
    package static let exitLiar = Scenario(
        "exit-liar", .leaving, "cuts everybody off, cleans up well, and exits with 0",
        press: "Press t, which sends SIGTERM.",
        watch: "Exit status 0, all resources released in order, and yet every request that was in flight at the "
            + "signal was cut. The mended server does it all well and then dies of SIGTERM, which looks worse.",
        why: "An exit status is what a program says of itself. Supervisors believe it: 0 is success, and nobody is "
            + "woken. It says nothing of the people who were being served.",
        mend: "Finish what is in flight before you say 0. To die of the signal after a clean shutdown is honest too: "
            + "it is how a program tells its parent that it did leave because of the signal.",
        broken: Server(
            Behaviour { $0.drain = .cutAtTheSignal },
            verdict: Expectation(
                .dropped, [.inFlightAnswered],
                mayFail: [.webSocketsTold, .lateAnswered, .noPaymentInDoubt]),
            explanations: [
                .serving: "At the signal this server will cut all requests in flight, without an answer. After that "
                    + "it does everything well.",
                .leavingRotation: "What was in flight at the signal is cut, without an answer. Requests that come "
                    + "now are served as if nothing had happened.",
                .draining: "Whatever was in flight at the signal was cut then. From here on the release goes in "
                    + "good order.",
                .gone: "The status says success, and a supervisor believes it. Ask the clients that were cut.",
            ]),
        mended: Server(
            Behaviour { $0.leaving = .diesOfTheSignal },
            explanations: [
                .serving: "This server will answer everybody, and then die of the signal that asked it to leave.",
                .draining: "The requests in flight are waited for. How the process ends afterwards changes nothing "
                    + "for them.",
                .gone: "Killed by the signal that was sent, after a perfect drain. It looks worse than status 0 and "
                    + "is more honest: it left because it was asked to.",
            ])
    ) { setup in
        // The kernel holds so much of an answer that is read slowly that no cut of it can be seen.
        if setup.pace == .watched { setup.workload.slowReaders = 0 }
    }
}
