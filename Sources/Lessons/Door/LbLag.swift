internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// The time that a load balancer needs to notice that a server leaves.
    package static let lbLag = Scenario(
        "lb-lag", .door, "the door closes at the signal; the balancer still sends people",
        press: "Press t, which sends SIGTERM.",
        watch: "The listener closes at the signal line, but the balancer asks only now and then whether the server is "
            + "ready. Until it has noticed, every new request is refused: count them in the band after the line.",
        why: "A balancer takes a server out after a few failed probes, one every few hundred milliseconds. Nobody "
            + "tells it sooner. A door that closes before that turns away people who were sent to it.",
        mend: "Fail the readiness check first, go on serving for longer than the balancer needs to notice (the lead), "
            + "and only then close the listener.",
        broken: Server(
            Behaviour { $0.lead = .none },
            verdict: Expectation(.refusedWork, [.readinessFirst, .noneRefused]),
            explanations: [
                .serving: "This server closes its door when its lead is over, and its lead is 0 s unless you move "
                    + "the slider. The balancer needs some failed probes to notice; how long, the lag says.",
                .draining: "The balancer learns of the closed door only from its own probes. Until it has noticed, "
                    + "each new request that it sends here is refused.",
                .gone: "The people who were refused had done nothing wrong: the balancer sent them. Make the lead "
                    + "longer than the lag, and they are served.",
            ]),
        mended: Server(
            explanations: [
                .serving: "At the signal this server fails its readiness check first, and closes its door only when "
                    + "the lead is over. Move the lead below the lag to break it again.",
                .leavingRotation: "The probes fail now, and the door is still open. Whoever the balancer sends in "
                    + "the meantime is served.",
                .draining: "The lead is over and the door is closed. If the lead was longer than the lag, nobody is "
                    + "sent here any more.",
                .gone: "The balancer had noticed in time. The lead costs every deploy a little time, and no request.",
            ]),
        sliders: [.lead, .lag])
}
