package import ShutdownBoard

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
    /// (``Effect/slide(_:to:)``).
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

/// A setting that a person may change while a lesson runs, with its values.
package struct Slider: Hashable, Sendable {
    package var setting: Lesson.Setting
    /// Each value as it is written, with its unit, the smallest first: "0.5 s", "Docker 10 s".
    ///
    /// Never empty.
    package var labels: [String]
    /// Which of them it stands on, from 0.
    package var position: Int

    package init(_ setting: Lesson.Setting, _ labels: [String], position: Int = 0) {
        self.setting = setting
        self.labels = labels.isEmpty ? ["–"] : labels
        self.position = min(max(0, position), self.labels.count - 1)
    }

    /// One word before its values.
    package var name: String { setting.rawValue }

    /// The value as it is written.
    package var label: String { labels[min(max(0, position), labels.count - 1)] }
}

extension View {
    /// The lessons in the catalogue that have the text of ``lessonFilter``, in any case.
    package var shownLessons: [Lesson] {
        guard !lessonFilter.isEmpty else { return lessons }
        let wanted = lessonFilter.lowercased()
        return lessons.filter { lesson in
            [lesson.name, lesson.subject.rawValue, lesson.summary, lesson.expected?.rawValue ?? ""].contains {
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
