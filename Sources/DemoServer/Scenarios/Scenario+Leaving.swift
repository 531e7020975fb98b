/// How the process ends, what its status says, and what it leaves behind.
extension Scenario {
    static let leaving = [mainReturnsEarly, exitLiar, logLost, groupSignal, orphanHoldsPort]

    public static let mainReturnsEarly = Scenario(
        "main-returns-early", .leaving, "the listener closes, main returns, exit 0: nobody waited",
        press: "Press t, which sends SIGTERM.",
        watch: "The process leaves within milliseconds and with status 0. Every lane that crosses the signal line is "
            + "cut, and no resource is released.",
        why: "When main returns, the process ends, whatever other tasks or threads are doing. Here the handler closes "
            + "the listener, the call that served returns, and main goes on to its last line.",
        mend: "Let main wait for the shutdown to be complete, not for the listener to be closed.",
        verdict: "DROPPED",
        fault: Behaviour { $0.release = .nothing })

    public static let exitLiar = Scenario(
        "exit-liar", .leaving, "cuts everybody off, cleans up well, and exits with 0",
        press: "Press t, which sends SIGTERM.",
        watch: "Exit status 0, all resources released in order, and yet every request that was in flight at the "
            + "signal was cut. The mended server does it all well and then dies of SIGTERM, which looks worse.",
        why: "An exit status is what a program says of itself. Supervisors believe it: 0 is success, and nobody is "
            + "woken. It says nothing of the people who were being served.",
        mend: "Finish what is in flight before you say 0. To die of the signal after a clean shutdown is honest too: "
            + "it is how a program tells its parent that it did leave because of the signal.",
        verdict: "DROPPED",
        fault: Behaviour { $0.drain = .cutAtTheSignal },
        cure: Behaviour { $0.leaving = .diesOfTheSignal })

    public static let logLost = Scenario(
        "log-lost", .leaving, "leaves by _exit(2): the last lines of the log are never written",
        press: "Press t, which sends SIGTERM.",
        watch: "A perfect shutdown, exit status 0. The audit then counts the lines of the access log, and the last "
            + "ones are missing: those that would tell how it ended.",
        why: "Log lines wait in a buffer in memory and are written in pieces. The flush was left to the exit, and "
            + "exit(3) would do it. _exit(2), a crash and SIGKILL do not.",
        mend: "Flush the log yourself, as the last step of the shutdown, and leave by exit(3).",
        verdict: "WRONG-ORDER",
        fault: Behaviour { $0.leaving = .skipsTheFlush })

    public static let groupSignal = Scenario(
        "group-signal", .leaving, "Ctrl+C also hits the helper process, and its job is lost",
        press: "Press i, which sends SIGINT, in this lesson to the whole process group. There is always a job running.",
        watch: "The server itself shuts down well. Its helpers, processes that did jobs for it, died of the same "
            + "signal, and their jobs are abandoned.",
        why: "Ctrl+C in a terminal, and some supervisors, send the signal to a whole process group. A helper is in "
            + "the group of its parent unless somebody puts it elsewhere, and it has no handler of its own.",
        mend: "Start the helper in a process group of its own, and let the server decide when it ends: when its job "
            + "is done, or at the workers' limit, when the job is handed back.",
        verdict: "DROPPED",
        fault: Behaviour { $0.helper = .runsJobs(.servers) },
        cure: Behaviour { $0.helper = .runsJobs(.own) })

    public static let orphanHoldsPort = Scenario(
        "orphan-holds-port", .leaving, "a helper inherits the listening socket and outlives the server",
        press: "Press t, which sends SIGTERM.",
        watch: "The server leaves with 0, and its port still takes connections that nobody will ever answer. A "
            + "server that was started on it now would find the port in use.",
        why: "A child process inherits every open descriptor that is not marked close-on-exec. A listening socket is "
            + "only closed when its last holder closes it, and here that is a helper which nobody ended.",
        mend: "Open every socket with close-on-exec (SOCK_CLOEXEC), and end the helpers and wait for them as part of "
            + "the shutdown.",
        verdict: "ORPHANS",
        fault: Behaviour { $0.helper = .companion(.loose) },
        cure: Behaviour { $0.helper = .companion(.tight) })
}
