internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A shell between the supervisor and the server, which passes no signal on.
    package static let deafWrapper = Scenario(
        "deaf-wrapper", .signals, "a shell in front of the server does not pass the signal on",
        press: "Press t, which sends SIGTERM.",
        watch: "The shell dies of SIGTERM at once. The server behind it hears nothing: it goes on answering, has a new "
            + "parent, and still holds the port. A server that was started on it now would find it in use.",
        why: "The supervisor knows the shell's process id, not the server's. In `sh -c 'server; true'` the shell "
            + "starts the server as a child and waits. A signal to the shell goes to the shell alone.",
        mend: "Start the server with `exec`, so that it takes the shell's place: `sh -c 'exec server'`. In a "
            + "container, use the list form of CMD, which starts no shell.",
        broken: Server(
            verdict: Expectation(
                .orphans, [.leftByItself, .exitStatus, .portFree, .nothingLeft],
                mayFail: .followsKill.union([.releasedInOrder, .traceComplete])),
            explanations: [
                .serving: "Two processes run: a shell, which the supervisor started and signals, and the server, "
                    + "which is the shell's child. The shell passes no signal on.",
                .gone: "What is gone is the shell. The server behind it heard nothing, went on answering under a new "
                    + "parent, and kept the port. Drainboard ended it with the run, so r finds a free port.",
            ]),
        mended: Server(
            explanations: [
                .serving: "No shell stands in between. The process that the supervisor signals is the server itself.",
                .draining: "The server heard the signal, because it was sent to the right process. Its code is the "
                    + "same as in the broken version.",
                .gone: "The supervisor waited for the server itself, so its exit status is the server's and the "
                    + "port is free.",
            ])
    ) { $0.isWrapped = !$0.isMended }
}
