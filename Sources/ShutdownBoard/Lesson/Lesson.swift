package import ShutdownTrace

/// A lesson as the catalogue shows it: its texts and the verdicts that it must get.
package struct Lesson: Hashable, Sendable {
    package var name: String
    package var subject: Subject
    /// One line.
    package var summary: String
    /// What to press.
    package var press: String
    /// The signal that a person sends first; ``press`` names its key.
    package var signal = Signal.terminate
    /// What to watch.
    package var watch: String
    /// Why it happens.
    package var why: String
    /// How to mend it.
    package var mend: String
    /// The verdict that it must get; nil where none is known.
    package var expected: Verdict.Word?
    /// Other verdicts that are right too, where the worst fact depends on the instant of the signal.
    package var alsoExpected: Set<Verdict.Word> = []
    /// The verdicts that are right in a deploy, where that hides the fault; empty for the same as without one.
    package var expectedInDeploy: Set<Verdict.Word> = []
    /// The verdict that its mended version must get; nil where there is no mended version.
    package var expectedWhenMended: Verdict.Word? = .graceful
    /// What `explain` says in each phase.
    ///
    /// A text has to be true of every run of the lesson in that phase; the one for ``LessonPhase/gone`` is shown only with
    /// the expected verdict. What is true only in some circumstance has a text of its own: see
    /// ``explanation(of:at:isMended:canAsk:)``.
    package var explanations: [LessonPhase: String] = [:]
    /// The same for the mended version.
    package var mendedExplanations: [LessonPhase: String] = [:]

    package init(
        name: String, subject: Subject, summary: String, press: String = "", watch: String = "", why: String = "",
        mend: String = "", expected: Verdict.Word? = nil
    ) {
        self.name = name
        self.subject = subject
        self.summary = summary
        self.press = press
        self.watch = watch
        self.why = why
        self.mend = mend
        self.expected = expected
    }

    /// The right verdicts with the condition of each: "broken", "broken, in a deploy", "mended".
    ///
    /// Of several words chance decides.
    package var verdicts: [(condition: String, words: [Verdict.Word])] {
        guard let expected else { return [] }
        func sorted(_ words: Set<Verdict.Word>) -> [Verdict.Word] { Verdict.Word.allCases.filter(words.contains) }
        let first = canBeMended ? "broken" : "as it is"
        return [
            (first, [expected] + sorted(alsoExpected)), ("\(first), in a deploy", sorted(expectedInDeploy)),
            ("mended", expectedWhenMended.map { [$0] } ?? []),
        ].filter { !$0.words.isEmpty }
    }

    /// Whether there is a mended version.
    package var canBeMended: Bool { expectedWhenMended != nil }

    /// What several lessons are about; in the catalogue they stand together.
    package struct Subject: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral {
        /// A few words, as they are shown.
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        package init(stringLiteral value: String) { self.init(rawValue: value) }
    }

    /// Something that a person can change while a lesson runs, by the word that is shown.
    package enum Setting: String, Hashable, Sendable {
        /// How long the server goes on serving after it has said that it is not ready.
        case lead
        /// How long the load balancer needs to notice that the server is not ready.
        case lag
        /// The supervisor whose grace period applies.
        case supervisor
    }
}
