/// How the process ends, what its status says, and what it leaves behind.
extension Explanations {
    static let leaving = [
        "main-returns-early": Pair(
            broken: [
                "serving": "In this server, main waits for the signal, closes the listener and returns. When main "
                    + "returns, the process ends, whatever else is going on in it.",
                "gone": "Exit status 0, and nobody was waited for. The kernel took every resource back; the server "
                    + "released none.",
            ],
            mended: [
                "serving": "In this server, main waits until the shutdown is complete.",
                "draining": "The listener is closed, and main still waits: for the requests in flight, and for each "
                    + "resource after them.",
                "gone": "Main returned last of all, when there was nothing left to wait for.",
            ]),
        "exit-liar": Pair(
            broken: [
                "serving": "At the signal this server will cut all requests in flight, without an answer. After that "
                    + "it does everything well.",
                "leaving rotation": "What was in flight at the signal is cut, without an answer. Requests that come "
                    + "now are served as if nothing had happened.",
                "draining": "Whatever was in flight at the signal was cut then. From here on the release goes in "
                    + "good order.",
                "gone": "The status says success, and a supervisor believes it. Ask the clients that were cut.",
            ],
            mended: [
                "serving": "This server will answer everybody, and then die of the signal that asked it to leave.",
                "draining": "The requests in flight are waited for. How the process ends afterwards changes nothing "
                    + "for them.",
                "gone": "Killed by the signal that was sent, after a perfect drain. It looks worse than status 0 and "
                    + "is more honest: it left because it was asked to.",
            ]),
        "log-lost": Pair(
            broken: [
                "serving": "The lines of the access log collect in a buffer in memory. This server leaves by _exit, "
                    + "which throws that buffer away without writing it.",
                "draining": "Each answer adds a line to the log's buffer. The buffer is written out only now and then.",
                "releasing log": "The server takes the log for written. But what is in the buffer would be written "
                    + "by exit, and this server will not call it.",
                "gone": "Nobody was cut and nothing else was lost. The lines that would tell how it ended are missing.",
            ],
            mended: [
                "serving": "The lines of the access log are written by the server itself, and flushed as the last "
                    + "step of its shutdown.",
                "draining": "Each answer adds a line to the log. It is released last, so that it can tell of all that.",
                "releasing log": "The lines that are still in memory are written now.",
                "gone": "Every line is in the file, also those about the end.",
            ]),
        "group-signal": Pair(
            broken: [
                "serving": "Each job runs in a helper process, which is in the server's process group. Signals go to "
                    + "the whole group here, as Ctrl+C in a terminal does.",
                "leaving rotation": "A helper that ran got the signal as well, and it has no handler: a job that it "
                    + "did is abandoned.",
                "leaving rotation, job abandoned": "The signal went to the helpers too, and they have no handler. The "
                    + "jobs that ran in them are abandoned.",
                "draining": "The server itself does everything right. A job whose helper died of the signal is "
                    + "abandoned all the same.",
                "gone": "The server was asked to leave, its helpers were killed. The signal is the same; the handler "
                    + "makes the difference.",
            ],
            mended: [
                "serving": "Each job runs in a helper process with a process group of its own. A signal to the "
                    + "server's group does not reach it.",
                "leaving rotation": "The helpers did not hear the signal. The server decides when they end.",
                "draining": "A job that runs may finish: its helper is in another process group.",
                "releasing workers": "The server waits for its helpers, and hands a job back that takes too long.",
                "gone": "Only the server got the signal, and it took care of its helper.",
            ]),
        "orphan-holds-port": Pair(
            broken: [
                "serving": "A helper runs beside this server, and it inherited the listening socket. Nobody will end "
                    + "it.",
                "draining": "The server has closed its own copy of the listening socket, or will soon. The helper's "
                    + "copy stays open.",
                "exiting": "The server is done, and its helper still holds the listening socket.",
                "gone": "The server was gone and its port was not: the helper's copy of the socket still took "
                    + "connections. Drainboard ended the helper with the run, so r finds a free port.",
            ],
            mended: [
                "serving": "A helper runs beside this server. It inherited no socket, and it will be ended and "
                    + "waited for.",
                "draining": "The listening socket is in nobody else's hands. The helper will be ended when the drain "
                    + "is over.",
                "gone": "With the helper ended first, nothing was left to hold the port.",
            ]),
    ]
}
