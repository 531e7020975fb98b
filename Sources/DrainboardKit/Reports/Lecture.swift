package import Lessons
import Screen
import ShutdownBoard
import ShutdownTrace

/// A lesson as paragraphs for the ear: short sentences, no drawing, no quotes that only the eye sees.
package struct Lecture {
    package let scenario: Scenario
    private let lesson: Lesson

    package init(_ scenario: Scenario) { (self.scenario, lesson) = (scenario, Lesson(scenario)) }

    package var lines: [String] {
        let course = [("What to press", lesson.press), ("What to watch", lesson.watch)]
        let cure = [("Why it happens", lesson.why), ("How to mend it", lesson.mend)]
        return ["Lesson \(lesson.name), on \(lesson.subject).", Self.spoken(lesson.summary)]
            + course.flatMap(Self.part) + Self.phases("What happens", lesson.explanations) + cure.flatMap(Self.part)
            + (lesson.canBeMended ? Self.phases("What happens in the mended server", lesson.mendedExplanations) : [])
            + Self.part("The verdict", verdict)
    }

    private var verdict: String {
        let asIs = "\(lesson.expected.map(Self.words) ?? "")."
        guard let mended = lesson.expectedWhenMended else { return asIs }
        return "Broken: \(asIs) Mended: \(Self.words(mended))."
    }

    private static func part(_ title: String, _ text: String) -> [String] { ["", title + ".", spoken(text)] }

    private static func phases(_ title: String, _ texts: [LessonPhase: String]) -> [String] {
        let known = LessonPhase.all.compactMap { phase in
            texts[phase].map { "\(phase.name.capitalizedFirst): \(spoken($0))" }
        }
        return known.isEmpty ? [] : ["", title + "."] + known
    }

    /// A verdict's word as it is said.
    private static func words(_ word: Verdict.Word) -> String { word.rawValue.lowercased().replacing("-", with: " ") }

    /// A text as a sentence, without the marks that a voice would spell out.
    private static func spoken(_ text: String) -> String {
        let plain = text.filter { !"`\"".contains($0) }
        return plain.capitalizedFirst + (plain.hasSuffix(".") ? "" : ".")
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
