internal import DemoServer
internal import ShutdownBoard

extension Scenario {
    /// A helper process that inherits the listening socket and outlives the server.
    package static let orphanHoldsPort = Scenario(
        "orphan-holds-port", .leaving, "a helper inherits the listening socket and outlives the server",
        press: "Press t, which sends SIGTERM.",
        watch: "The server leaves with 0, and its port still takes connections that nobody will ever answer. A "
            + "server that was started on it now would find the port in use.",
        why: "A child process inherits every open descriptor that is not marked close-on-exec. A listening socket is "
            + "only closed when its last holder closes it, and here that is a helper which nobody ended.",
        mend: "Open every socket with close-on-exec (SOCK_CLOEXEC), and end the helpers and wait for them as part of "
            + "the shutdown.",
        broken: Server(
            Behaviour { $0.helper = .sidecar(.loose) },
            verdict: Expectation(.orphans, [.portFree, .nothingLeft]),
            explanations: [
                .serving: "A helper runs beside this server, and it inherited the listening socket. Nobody will end "
                    + "it.",
                .draining: "The server has closed its own copy of the listening socket, or will soon. The helper's "
                    + "copy stays open.",
                .exiting: "The server is done, and its helper still holds the listening socket.",
                .gone: "The server was gone and its port was not: the helper's copy of the socket still took "
                    + "connections. Drainboard ended the helper with the run, so r finds a free port.",
            ]),
        mended: Server(
            Behaviour { $0.helper = .sidecar(.tight) },
            explanations: [
                .serving: "A helper runs beside this server. It inherited no socket, and it will be ended and "
                    + "waited for.",
                .draining: "The listening socket is in nobody else's hands. The helper will be ended when the drain "
                    + "is over.",
                .gone: "With the helper ended first, nothing was left to hold the port.",
            ]))
}
