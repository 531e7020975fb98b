import Clients
internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// Keep-alive connections that nobody uses and that nobody closes.
    package static let keepAliveLinger = Scenario(
        "keepalive-linger", .connections, "idle connections are waited for until they time out",
        press: "Press t, which sends SIGTERM.",
        watch: "The last answer is out, and the process stays for up to 2.5 s more. It waits for connections on which "
            + "nothing happens.",
        why: "Clients keep connections open to save the next handshake. This server announces no close and waits "
            + "until each connection has been idle for 2.5 s. Nothing is lost but time, and time is what a grace "
            + "period runs out of.",
        mend: "Say Connection: close in every answer once the shutdown has begun, and close idle connections yourself.",
        broken: Server(
            Behaviour {
                $0.announcement = .nothing
                $0.idle = .waitedFor
            },
            verdict: Expectation(.slow, [.leftPromptly]),
            // The clients go on behind the balancer, and their pools close the connections that were idle for long.
            inDeploy: Expectation(.graceful, mayFail: [.leftPromptly], or: [.slow]),
            explanations: [
                .serving: "Clients may keep connections open and hardly use them. This server will wait for each "
                    + "one until nothing has happened on it for 2.5 s.",
                .draining: "Idle connections count as work here. The answers do not say Connection: close, so a "
                    + "client has no reason to leave.",
                .draining(.nothingInFlight): "The last answer is out, and its client keeps the connection. The "
                    + "server waits until nothing has happened on it for 2.5 s.",
                .gone: "The time after the last answer was spent on connections on which nothing happened. Nobody "
                    + "was hurt, but a supervisor with less patience would have sent SIGKILL.",
            ]),
        mended: Server(
            explanations: [
                .serving: "Clients may keep connections open and hardly use them. This server will close the idle "
                    + "ones by itself when its drain begins.",
                .draining: "Idle connections were closed when the drain began. Only requests in flight and "
                    + "WebSockets are waited for.",
                .gone: "Nothing was waited for that had no work in it.",
            ])
    ) { setup in
        // Idle connections, and nothing in flight that would outlast them.
        setup.workload.idlePause = .seconds(30)
        setup.workload.slowReaders = 0
    }
}
