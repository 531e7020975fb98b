internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A grace period that is shorter than the server's own limits.
    package static let graceMismatch = Scenario(
        "grace-mismatch", .limits, "good code, but the supervisor is less patient than the server",
        press: "Press i, which sends SIGINT as PM2 does, or t for SIGTERM. The grace period is shorter than the "
            + "server's own limits.",
        watch: "The drain goes well, and in the middle of it the process is gone: SIGKILL. Nothing after that point "
            + "happens, although all of it is in the code.",
        why: "Whoever sends SIGTERM waits only so long: Docker 10 s, Kubernetes 30 s, systemd 90 s, PM2 1.6 s by "
            + "default. Then it sends SIGKILL, which no process can catch. This server grants its requests more than "
            + "that.",
        mend: "Derive the server's limits from the grace period: lead, drain, workers, ledger and flush must fit "
            + "inside it together, with a margin. Or ask the supervisor for more time.",
        broken: Server(
            verdict: Expectation(.forceKilled, .killed, mayFail: .followsKill),
            explanations: [
                .serving: "This server's code is the polite one. What may be wrong is outside: the supervisor's "
                    + "grace period, after which SIGKILL comes.",
                .leavingRotation: "The supervisor's clock runs since the signal, and the lead is spent from it too.",
                .draining: "Compare the two bars: the server's own limit for the drain, and the grace period. "
                    + "Whichever ends first decides.",
                .gone: "All that should have come after the SIGKILL is in the code, and none of it ran. Limits that "
                    + "do not fit inside the grace period are not limits.",
            ]),
        mended: Server(
            explanations: [
                .serving: "This server's code is the same. The supervisor's grace period is longer than all of the "
                    + "server's limits together, unless you move the slider.",
                .leavingRotation: "The lead is spent from the grace period too, and it was counted in.",
                .draining: "If the drain takes all of its limit, workers, ledger and log still fit into the grace "
                    + "period, unless you made that shorter.",
                .gone: "The server left before the supervisor lost its patience. Nothing but a number had to change.",
            ]),
        sliders: [.supervisor]
    ) { setup in
        if !setup.isMended { setup.limitGrace(checked: .seconds(1.3), watched: .seconds(4)) }
    }
}
