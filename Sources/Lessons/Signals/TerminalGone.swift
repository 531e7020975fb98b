internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// SIGHUP, which a terminal sends when it goes away.
    package static let terminalGone = Scenario(
        "terminal-gone", .signals, "nobody handles SIGHUP: a closed terminal kills the server",
        signal: .hangup,
        press: "Press s and choose HUP, which is what a closed terminal sends.",
        watch: "SIGTERM would be handled well, and the list of signals says so. SIGHUP ends the process at the signal "
            + "line, with everything in flight.",
        why: "When a terminal closes or an SSH connection breaks, the kernel sends SIGHUP to what ran in it. Its "
            + "default action is death. A handler for SIGTERM does not help: each signal has an action of its own.",
        mend: "Let SIGHUP take the same path as SIGTERM. A daemon without a terminal may use it to read its "
            + "configuration again instead, but it must decide.",
        broken: Server(
            verdict: Expectation(.unhandled, .gone.union([.leftByItself, .exitStatus]), mayFail: .followsKill),
            explanations: [
                .serving: "SIGTERM and SIGINT have handlers here, SIGHUP has none. The list of signals says what "
                    + "each of them would do.",
                .gone: "A terminal that closes sends SIGHUP to what runs in it. Handlers for other signals do not "
                    + "help, because each signal has an action of its own.",
            ]),
        mended: Server(
            Behaviour { $0.hangup = .shutsDown },
            explanations: [
                .serving: "SIGHUP has a handler here too, the same as SIGTERM. Closing the terminal asks the server "
                    + "to leave, and does not kill it.",
                .draining: "Whichever of the three signals came, the path is the same from here on.",
                .gone: "One more signal in the list of those that are handled made the difference.",
            ])
    )
}
