package import DemoServer
package import ShutdownBoard
internal import ShutdownTrace

/// One lesson: a server that shuts down in a wrong way, the mended one, and all that is told and arranged around them.
///
/// The fault is really in the server, and it is seen from outside, as with any server. Each scenario has a file of its
/// own, and ``all`` names it.
///
/// Its texts are ASCII without quotes and brackets, in sentences of at most 40 words. An explanation has 30 to 240
/// characters in at most three sentences and is no other lesson's; both servers have one for `serving` and for `gone`.
@dynamicMemberLookup
package struct Scenario: Sendable, CustomStringConvertible {
    /// Its texts, under the name that `--scenario` takes; the summary has 21 to 70 characters.
    package let lesson: Lesson
    package let broken: Server
    /// Nil where there is nothing to mend.
    package let mended: Server?
    /// What can be changed while the lesson runs.
    package let sliders: [Lesson.Setting]
    /// Arranges what is around the server so that the fault shows.
    let configure: @Sendable (inout LessonSetup) -> Void

    /// The broken server of a lesson, or the mended one.
    package struct Server: Sendable {
        package let behaviour: Behaviour
        /// What the verdict must be when ``Scenario/press`` was done.
        package let verdict: Expectation
        /// The same in a deploy, where that hides the fault.
        package let verdictInDeploy: Expectation
        /// What is told in each phase; a phase without a text is explained as it is for any server.
        ///
        /// A text is shown in every run of its lesson, whatever somebody pressed. So it tells what this server does by its
        /// code, and what follows if something else happens; what is true only from some event on has a text of its own.
        /// The text for ``LessonPhase/gone`` is shown with the expected verdict only.
        package let explanations: [LessonPhase: String]

        init(
            _ behaviour: Behaviour = Behaviour(), verdict: Expectation = Expectation(.graceful),
            inDeploy: Expectation? = nil, explanations: [LessonPhase: String]
        ) {
            self.behaviour = behaviour
            self.verdict = verdict
            verdictInDeploy = inDeploy ?? verdict
            self.explanations = explanations
        }
    }

    init(
        _ name: String, _ subject: Lesson.Subject, _ summary: String, signal: Signal = .terminate, press: String,
        watch: String, why: String, mend: String,
        broken: Server, mended: Server? = nil, sliders: [Lesson.Setting] = [],
        configure: @escaping @Sendable (inout LessonSetup) -> Void = { _ in }
    ) {
        var lesson = Lesson(
            name: name, subject: subject, summary: summary, press: press, watch: watch, why: why, mend: mend,
            expected: broken.verdict.word)
        lesson.signal = signal
        lesson.alsoExpected = broken.verdict.otherWords
        let deployed = broken.verdictInDeploy
        if deployed != broken.verdict { lesson.expectedInDeploy = deployed.otherWords.union([deployed.word]) }
        lesson.expectedWhenMended = mended?.verdict.word
        lesson.explanations = broken.explanations
        lesson.mendedExplanations = mended?.explanations ?? [:]
        self.lesson = lesson
        self.broken = broken
        self.mended = mended
        self.sliders = sliders
        self.configure = configure
    }

    package var description: String { lesson.name }

    package subscript<Value>(dynamicMember path: KeyPath<Lesson, Value>) -> Value { lesson[keyPath: path] }

    /// The broken server, or the mended one where there is one.
    package func server(mended isMended: Bool) -> Server { isMended ? mended ?? broken : broken }
}
