/// Limits: the server's own, and those of whoever asked it to leave.
extension Scenario {
    static let limits = [graceMismatch, fatalAtDeadline, stopped]

    public static let graceMismatch = Scenario(
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
        verdict: "FORCE-KILLED")

    public static let fatalAtDeadline = Scenario(
        "fatal-at-deadline", .limits, "when the drain takes too long, it exits without any clean-up",
        press: "Press t, which sends SIGTERM. Some requests in flight outlast the drain.",
        watch: "At the drain's limit the process is gone with exit status 1. No resource below the listener is "
            + "released: the write-ahead log is left behind, and the end of the access log is missing.",
        why: "Many programs write: if the shutdown takes too long, log a fatal error. In Go, log.Fatalf calls "
            + "os.Exit(1): no deferred function runs. The worst moment gets the least care.",
        mend: "At the limit, cut what is left and name it, then release everything in order as always. Leave time for "
            + "it inside the grace period.",
        verdict: "DROPPED",
        fault: Behaviour { $0.deadline = .exits })

    public static let stopped = Scenario(
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
        verdict: "DROPPED",
        cure: Behaviour { $0.drain = .limitedInRunningTime })
}
