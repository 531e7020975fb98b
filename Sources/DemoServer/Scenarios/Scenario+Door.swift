/// How the door closes on new requests: the listener, its queue, and the balancer in front.
extension Scenario {
    static let door = [lbLag, backlogReset, idleRace]

    public static let lbLag = Scenario(
        "lb-lag", .door, "the door closes at the signal; the balancer still sends people",
        press: "Press t, which sends SIGTERM.",
        watch: "The listener closes at the signal line, but the balancer asks only now and then whether the server is "
            + "ready. Until it has noticed, every new request is refused: count them in the band after the line.",
        why: "A balancer takes a server out after a few failed probes, one every few hundred milliseconds. Nobody "
            + "tells it sooner. A door that closes before that turns away people who were sent to it.",
        mend: "Fail the readiness check first, go on serving for longer than the balancer needs to notice (the lead), "
            + "and only then close the listener.",
        verdict: "REFUSED-WORK",
        fault: Behaviour { $0.lead = .none })

    public static let backlogReset = Scenario(
        "backlog-reset", .door, "the listener is closed with clients still waiting in its queue",
        press: "Press t, which sends SIGTERM.",
        watch: "After the signal new clients still connect, but nobody answers them. When the drain is over, all of "
            + "them are reset in the same instant.",
        why: "The kernel completes connections by itself and keeps them in a queue until the server accepts them. To "
            + "the client such a connection looks open. close(2) on the listener resets every one that is still there.",
        mend: "Go on accepting until the balancer has noticed, then accept until the queue is empty (EAGAIN), then "
            + "close the listener.",
        verdict: "DROPPED",
        fault: Behaviour { $0.intake = .stopsAtTheSignal })

    public static let idleRace = Scenario(
        "idle-race", .door, "idle connections are closed just as a request is on its way",
        press: "Press t, which sends SIGTERM. Many idle connections come to life at that moment.",
        watch: "Requests that are sent on idle connections within milliseconds of the signal get no answer at all: "
            + "the server's close and the client's request pass each other on the wire.",
        why: "HTTP/1.1 has no way to say \"no more requests on this connection\" except in an answer. A server that "
            + "closes an idle connection cannot know whether a request is on its way, and the client cannot know "
            + "whether its request was carried out.",
        mend: "Go on serving for the lead and say Connection: close in every answer. The clients then leave by "
            + "themselves, and few idle connections are left to close.",
        verdict: "DROPPED",
        fault: Behaviour {
            $0.lead = .none
            $0.announcement = .nothing
        })
}
