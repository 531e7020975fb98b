import Screen
import ShutdownBoard

/// A small catalogue.
let lessons = [
    Lesson(
        name: "polite", subject: "the whole thing", summary: "a server that leaves as it should", press: "t",
        watch: "the door closes before the last answer is out, and every request is answered",
        why: "readiness goes down first, then the listener closes, and what is in flight is finished under a limit",
        mend: "nothing to mend", expected: .graceful),
    Lesson(
        name: "no-handler", subject: "signals", summary: "no signal code at all", press: "t",
        watch: "every request in flight is cut at once",
        why: "the kernel's default action for SIGTERM ends the process",
        mend: "catch SIGTERM and SIGINT, and treat them alike",
        expected: .unhandled),
    Lesson(name: "grace-mismatch", subject: "time", summary: "the limits do not fit the supervisor's patience"),
    Lesson(
        name: "lb-lag", subject: "the balancer", summary: "the listener closes before the balancer knows", press: "t",
        watch: "a band of refused requests behind the signal line",
        why: "the balancer needs some failed probes before it stops sending requests",
        mend: "fail readiness first, and keep the door open for longer than the balancer's lag",
        expected: .refusedWork),
    {
        var lesson = Lesson(
            name: "charged-twice", subject: "payments", summary: "a retry without a key charges a second time",
            press: "K", watch: "the payment whose answer is lost", why: "the client cannot know, and tries again",
            mend: "an idempotency key, unique in the transaction of the charge", expected: .duplicated)
        lesson.explanations = [
            .gone:
                "The row was committed and the answer was not yet out when SIGKILL came. The client tried again at the "
                + "second server, which had no key to know the order by."
        ]
        return lesson
    }(),
]
