/// Whether the signal arrives, and who hears it.
extension Explanations {
    static let signals = [
        "polite": Pair(broken: [
            "serving": "Nothing is wrong with this server. Watch what is in flight when the signal comes: each of "
                + "these requests is a person who waits for an answer.",
            "leaving rotation": "This is the lead. It has to be longer than the balancer needs for its failed "
                + "probes; the events below say when it has noticed.",
            "draining": "The WebSockets are told goodbye, idle connections are closed, and each lane that crosses "
                + "the signal line may end in its answer.",
            "releasing ledger": "Nothing above the ledger works any more, so nobody can miss it. That is all that "
                + "the order of the release is for.",
            "gone": "Compare it with the other lessons: most of them leave out one of the steps that you saw here, or "
                + "disturb it.",
        ]),
        "no-handler": Pair(
            broken: [
                "serving": "There is no line of signal code in this server. It serves as well as any other, and "
                    + "nothing shows the fault until a signal comes.",
                "gone": "Nothing of the server's own code ran after the signal. The kernel closed its sockets, so "
                    + "the clients were cut, and what was still in memory is lost.",
            ],
            mended: [
                "serving": "The handlers were installed before anything else. A signal now starts the server's own "
                    + "shutdown instead of ending the process.",
                "draining": "The broken server would be dead by now. Here the handler only says that it is time, and "
                    + "the requests in flight go on.",
                "gone": "A handler that does nothing but start the shutdown was enough. The rest is the order of the "
                    + "release.",
            ]),
        "startup-signal": Pair(
            broken: [
                "starting": "This server reads its configuration first, which takes some seconds, and only then "
                    + "installs its handlers. A SIGTERM in that window ends it on the spot.",
                "serving": "The window is past: the handlers are installed, and a signal is handled now. To see the "
                    + "fault, the signal has to come while the server is starting.",
                "gone": "The code that handles SIGTERM is there, but it had not run yet. The same signal, some seconds "
                    + "later, would have been handled.",
            ],
            mended: [
                "starting": "The handlers come first here, before the configuration is read. A signal is remembered "
                    + "and obeyed as soon as there is something to release.",
                "signalled": "The signal is remembered: the server finishes its start and then leaves in order.",
                "serving": "The start is over. A signal now takes the same path as one that came during the start.",
                "gone": "It left in order with nobody in flight, so there was nothing to lose and nothing to prove.",
            ]),
        "terminal-gone": Pair(
            broken: [
                "serving": "SIGTERM and SIGINT have handlers here, SIGHUP has none. The list of signals says what "
                    + "each of them would do.",
                "gone": "A terminal that closes sends SIGHUP to what runs in it. Handlers for other signals do not "
                    + "help, because each signal has an action of its own.",
            ],
            mended: [
                "serving": "SIGHUP has a handler here too, the same as SIGTERM. Closing the terminal asks the server "
                    + "to leave, and does not kill it.",
                "draining": "Whichever of the three signals came, the path is the same from here on.",
                "gone": "One more signal in the list of those that are handled made the difference.",
            ]),
        "deaf-wrapper": Pair(
            broken: [
                "serving": "Two processes run: a shell, which the supervisor started and signals, and the server, "
                    + "which is the shell's child. The shell passes no signal on.",
                "gone": "What is gone is the shell. The server behind it heard nothing, went on answering under a new "
                    + "parent, and kept the port. Drainboard ended it with the run, so r finds a free port.",
            ],
            mended: [
                "serving": "No shell stands in between. The process that the supervisor signals is the server itself.",
                "draining": "The server heard the signal, because it was sent to the right process. Its code is the "
                    + "same as in the broken version.",
                "gone": "The supervisor waited for the server itself, so its exit status is the server's and the "
                    + "port is free.",
            ]),
    ]
}
