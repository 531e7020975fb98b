import Clients
internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// The reset that a close with unread bytes sends after an answer.
    package static let rstEatsResponse = Scenario(
        "rst-eats-response", .connections, "a close with unread input destroys an answer already sent",
        press: "Press t, which sends SIGTERM. Some clients read slowly and send one more request by themselves.",
        watch: "The server has written the whole answer and says so. The client gets a part of it, and then a reset.",
        why: "When a socket is closed while bytes that came in are still unread, the kernel sends a reset instead of "
            + "an orderly end. A reset throws away what the client has not yet received. RFC 9112, section 9.6, warns "
            + "of it.",
        mend: "Close your own half first (shutdown(2) for writing), read and throw away what still comes, and close "
            + "when the client has closed, or after a limit.",
        broken: Server(
            Behaviour { $0.closing = .outright },
            verdict: Expectation(.dropped, [.inFlightAnswered], mayFail: [.lateAnswered]),
            explanations: [
                .serving: "Some clients read a big answer slowly, and will send one more request after the signal. "
                    + "After its last answer this server closes a connection at once, whatever has come in unread.",
                .draining: "The server has stopped reading, and answers may still be on their way out. A close with "
                    + "unread bytes makes the kernel send a reset, which throws away what the client has not "
                    + "received.",
                .gone: "The server counts these answers as sent. Only the clients know that the end is missing.",
            ]),
        mended: Server(
            explanations: [
                .serving: "Some clients read a big answer slowly, and will send one more request after the signal. "
                    + "This server closes in two steps, so that the answer survives.",
                .draining: "After its last answer a connection is closed for writing only. What still comes in is "
                    + "read and thrown away until the client closes too.",
                .gone: "The clients got the whole answer, because nothing unread was left when the sockets were "
                    + "closed.",
            ])
    ) { setup in
        // A big answer is still being written when the server has stopped reading and its client sends something more.
        switch setup.pace {
        case .checked:
            setup.shortenLead()
            setup.workload.strays = 4
            setup.workload.readerSeconds = 6
        case .watched:
            setup.workload.strays = 5
            setup.workload.readerSeconds = 10
            setup.workload.strayDistance = .seconds(2)
        }
    }
}
