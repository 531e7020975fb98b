import Clients
internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// Requests that are on their way on a connection that the server closes for idle.
    package static let idleRace = Scenario(
        "idle-race", .door, "idle connections are closed just as a request is on its way",
        press: "Press t, which sends SIGTERM. Many idle connections come to life at that moment.",
        watch: "Requests that are sent on idle connections within milliseconds of the signal get no answer at all: "
            + "the server's close and the client's request pass each other on the wire.",
        why: "HTTP/1.1 has no way to say \"no more requests on this connection\" except in an answer. A server that "
            + "closes an idle connection cannot know whether a request is on its way, and the client cannot know "
            + "whether its request was carried out.",
        mend: "Go on serving for the lead and say Connection: close in every answer. The clients then leave by "
            + "themselves, and few idle connections are left to close.",
        broken: Server(
            Behaviour {
                $0.lead = .none
                $0.announcement = .nothing
            },
            verdict: Expectation(
                .dropped, [.readinessFirst, .noneRefused], mayFail: [.lateAnswered, .inFlightAnswered],
                or: [.refusedWork]),
            explanations: [
                .serving: "Many connections are idle, and each may be used again at any moment. At the signal this "
                    + "server closes them at once, and no answer before that says Connection: close.",
                .draining: "The idle connections are being closed. A request that is on its way at that instant "
                    + "gets no answer, and its client cannot know whether it was carried out.",
                .gone: "Close and request passed each other on the wire. Only a client that knows that its request "
                    + "may be repeated can safely send it again.",
            ]),
        mended: Server(
            explanations: [
                .serving: "At the signal this server goes on serving for its lead. Each answer then says "
                    + "Connection: close, so the clients do not use the connection again.",
                .leavingRotation: "A request on an idle connection is still answered, and the answer ends the "
                    + "connection in agreement. So fewer are left for the server to close.",
                .draining: "Idle connections are closed now. Those that were used during the lead have already left "
                    + "by agreement.",
                .gone: "Connection: close, sent early enough, is the only goodbye that HTTP/1.1 has for a connection.",
            ])
    ) { setup in
        // Many idle connections, each used once more within some milliseconds of the signal.
        setup.workload.racers = 400
        setup.workload.racerWindow = .milliseconds(4)
    }
}
