package import ShutdownBoard

/// A lesson as the catalogue shows it: its texts and the verdicts that it must get.
package struct Lesson: Hashable, Sendable {
    package var name: String
    /// Its subject; lessons of one subject stand together.
    package var subject: String
    /// One line.
    package var summary: String
    /// What to press.
    package var press: String
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
        name: String, subject: String, summary: String, press: String = "", watch: String = "", why: String = "",
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

    /// Whether there is a mended version.
    package var canBeMended: Bool { expectedWhenMended != nil }
}

extension View {
    /// The lessons in the catalogue that have the text of ``lessonFilter``, in any case.
    package var shownLessons: [Lesson] {
        guard !lessonFilter.isEmpty else { return lessons }
        let wanted = lessonFilter.lowercased()
        return lessons.filter { lesson in
            [lesson.name, lesson.subject, lesson.summary, lesson.expected?.rawValue ?? ""].contains {
                $0.lowercased().contains(wanted)
            }
        }
    }

    /// The slider that `-` and `+` move.
    package var slider: Slider? {
        guard let sliders = playing?.sliders, !sliders.isEmpty else { return nil }
        return sliders[(chosenSlider % sliders.count + sliders.count) % sliders.count]
    }
}

/// The lesson that this program plays now, and its variant.
package struct Playing: Hashable, Sendable {
    package var lesson: Lesson
    /// Whether the server is the mended one.
    package var isMended: Bool
    /// Whether it is a rolling deploy.
    package var isDeploy: Bool
    /// What its server does when it is asked to stop once more.
    package var onSecondSignal = SecondSignal.forces
    /// The sliders as they stand now; the program moves them when a key asks for it
    /// (``Effect/slide(name:to:)``).
    package var sliders: [Slider]

    package init(_ lesson: Lesson, isMended: Bool = false, isDeploy: Bool = false, sliders: [Slider] = []) {
        self.lesson = lesson
        self.isMended = isMended
        self.isDeploy = isDeploy
        self.sliders = sliders
    }

    package enum SecondSignal: Hashable, Sendable {
        /// The server waits for nothing any more.
        case forces
        /// A second clean-up begins beside the first.
        case cleansUpAgain
        case changesNothing
    }
}

/// A value that a person may change while a lesson runs: "lead", "lag", a supervisor's preset.
package struct Slider: Hashable, Sendable {
    /// One word, by which the program knows it.
    package var name: String
    /// Each value as it is written, with its unit, the smallest first: "0.5 s", "Docker 10 s".
    ///
    /// Never empty.
    package var labels: [String]
    /// Which of them it stands on, from 0.
    package var position: Int

    package init(_ name: String, _ labels: [String], position: Int = 0) {
        self.name = name
        self.labels = labels.isEmpty ? ["–"] : labels
        self.position = min(max(0, position), self.labels.count - 1)
    }

    /// The value as it is written.
    package var label: String { labels[min(max(0, position), labels.count - 1)] }
}
