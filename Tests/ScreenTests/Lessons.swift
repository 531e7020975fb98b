import Screen

/// A small catalogue.
let lessons = [
    Lesson(
        name: "polite", subject: "the whole thing", summary: "a server that leaves as it should", press: "t",
        watch: "the door closes before the last answer is out, and every request is answered",
        why: "readiness goes down first, then the listener closes, and what is in flight is finished under a limit",
        mend: "nothing to mend", expected: "GRACEFUL"),
    Lesson(
        name: "no-handler", subject: "signals", summary: "no signal code at all", press: "t",
        watch: "every request in flight is cut at once",
        why: "the kernel's default action for SIGTERM ends the process",
        mend: "catch SIGTERM and SIGINT, and treat them alike",
        expected: "UNHANDLED"),
    Lesson(name: "grace-mismatch", subject: "time", summary: "the limits do not fit the supervisor's patience"),
]
