internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// Lines of a log that wait for a flush which _exit(2) leaves out.
    package static let logLost = Scenario(
        "log-lost", .leaving, "leaves by _exit(2): the last lines of the log are never written",
        press: "Press t, which sends SIGTERM.",
        watch: "A perfect shutdown, exit status 0. The audit then counts the lines of the access log, and the last "
            + "ones are missing: those that would tell how it ended.",
        why: "Log lines wait in a buffer in memory and are written in pieces. The flush was left to the exit, and "
            + "exit(3) would do it. _exit(2), a crash and SIGKILL do not.",
        mend: "Flush the log yourself, as the last step of the shutdown, and leave by exit(3).",
        broken: Server(
            Behaviour { $0.leaving = .skipsTheFlush },
            verdict: Expectation(.wrongOrder, [.logComplete]),
            explanations: [
                .serving: "The lines of the access log collect in a buffer in memory. This server leaves by _exit, "
                    + "which throws that buffer away without writing it.",
                .draining: "Each answer adds a line to the log's buffer. The buffer is written out only now and then.",
                .releasing(.log): "The server takes the log for written. But what is in the buffer would be written "
                    + "by exit, and this server will not call it.",
                .gone: "Nobody was cut and nothing else was lost. The lines that would tell how it ended are missing.",
            ]),
        mended: Server(
            explanations: [
                .serving: "The lines of the access log are written by the server itself, and flushed as the last "
                    + "step of its shutdown.",
                .draining: "Each answer adds a line to the log. It is released last, so that it can tell of all that.",
                .releasing(.log): "The lines that are still in memory are written now.",
                .gone: "Every line is in the file, also those about the end.",
            ]))
}
