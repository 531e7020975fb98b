internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// The server that leaves nobody without an answer, which the others are compared with.
    package static let polite = Scenario(
        "polite", .signals, "nothing is wrong: all is answered, all is released in order",
        press: "Press t, which sends SIGTERM.",
        watch: "Readiness fails first, the balancer takes the server out, the listener closes, and the lanes that "
            + "cross the signal line all end in an answer. Then the release stack empties from the top.",
        why: "The server hears the signal, stops taking new work, finishes what it has, and lets go of each resource "
            + "only when nothing above uses it any more.",
        mend: "Nothing to mend. Press K during the drain to see what the politeness was worth.",
        broken: Server(
            explanations: [
                .serving: "Nothing is wrong with this server. Watch what is in flight when the signal comes: each of "
                    + "these requests is a person who waits for an answer.",
                .leavingRotation: "This is the lead. It has to be longer than the balancer needs for its failed "
                    + "probes; the events below say when it has noticed.",
                .draining: "The WebSockets are told goodbye, idle connections are closed, and each lane that crosses "
                    + "the signal line may end in its answer.",
                .releasing(.ledger): "Nothing above the ledger works any more, so nobody can miss it. That is all that "
                    + "the order of the release is for.",
                .gone:
                    "Compare it with the other lessons: most of them leave out one of the steps that you saw here, or "
                    + "disturb it.",
            ]))
}
