/// Whether the signal arrives, and who hears it.
extension Scenario {
    static let signals = [polite, noHandler, startupSignal, terminalGone, deafWrapper]

    /// Nothing is wrong.
    public static let polite = Scenario(
        "polite", .signals, "nothing is wrong: all is answered, all is released in order",
        press: "Press t, which sends SIGTERM.",
        watch: "Readiness fails first, the balancer takes the server out, the listener closes, and the lanes that "
            + "cross the signal line all end in an answer. Then the release stack empties from the top.",
        why: "The server hears the signal, stops taking new work, finishes what it has, and lets go of each resource "
            + "only when nothing above uses it any more.",
        mend: "Nothing to mend. Press K during the drain to see what the politeness was worth.",
        verdict: "GRACEFUL")

    /// No signal code at all.
    public static let noHandler = Scenario(
        "no-handler", .signals, "no signal code at all: SIGTERM ends the process on the spot",
        press: "Press t, which sends SIGTERM.",
        watch: "The process is gone at the signal line. Every lane that crosses it is cut, no resource is released, "
            + "the write-ahead log is left behind and the end of the access log is missing.",
        why: "A process that neither catches nor ignores SIGTERM is ended by the kernel's default action. None of its "
            + "own code runs: no clean-up, no goodbye, no flush.",
        mend: "Catch SIGTERM and SIGINT before anything slow begins, and shut down in order: see polite.",
        verdict: "UNHANDLED",
        fault: Behaviour { $0.arming = .never })

    public static let startupSignal = Scenario(
        "startup-signal", .signals, "the handlers are installed after a slow start: TERM kills it",
        press: "Press t, which sends SIGTERM, while the server is still starting. r starts it again.",
        watch: "The server is still starting when the signal comes, and it is gone at once. Some seconds later the "
            + "same signal would have been handled.",
        why: "Until a handler is installed, the kernel's default action rules, and that of SIGTERM is death. This "
            + "server reads its configuration first, for some seconds. A deploy that is rolled back at once hits this "
            + "window.",
        mend: "Install the handlers first, before the configuration, the database and the network. A signal that "
            + "comes during the start is then remembered, and the server leaves in order as soon as it can.",
        verdict: "UNHANDLED",
        fault: Behaviour {
            $0.start = .slow
            $0.arming = .whenServing
        },
        cure: Behaviour { $0.start = .slow })

    public static let terminalGone = Scenario(
        "terminal-gone", .signals, "nobody handles SIGHUP: a closed terminal kills the server",
        press: "Press s and choose HUP, which is what a closed terminal sends.",
        watch: "SIGTERM would be handled well, and the list of signals says so. SIGHUP ends the process at the signal "
            + "line, with everything in flight.",
        why: "When a terminal closes or an SSH connection breaks, the kernel sends SIGHUP to what ran in it. Its "
            + "default action is death. A handler for SIGTERM does not help: each signal has an action of its own.",
        mend: "Let SIGHUP take the same path as SIGTERM. A daemon without a terminal may use it to read its "
            + "configuration again instead, but it must decide.",
        verdict: "UNHANDLED",
        cure: Behaviour { $0.hangup = .shutsDown })

    public static let deafWrapper = Scenario(
        "deaf-wrapper", .signals, "a shell in front of the server does not pass the signal on",
        press: "Press t, which sends SIGTERM.",
        watch: "The shell dies of SIGTERM at once. The server behind it hears nothing: it goes on answering, has a new "
            + "parent, and still holds the port. A server that was started on it now would find it in use.",
        why: "The supervisor knows the shell's process id, not the server's. In `sh -c 'server; true'` the shell "
            + "starts the server as a child and waits. A signal to the shell goes to the shell alone.",
        mend: "Start the server with `exec`, so that it takes the shell's place: `sh -c 'exec server'`. In a "
            + "container, use the list form of CMD, which starts no shell.",
        verdict: "ORPHANS")
}
