package import Lessons
import ShutdownBoard

/// A lesson as paragraphs that can be read aloud: short sentences, no drawing, no marks that a voice would spell out.
package struct LessonText {
    private let lesson: Lesson

    package init(_ scenario: Scenario) { lesson = scenario.lesson }

    package var lines: [String] {
        let course = [("What to press", lesson.press), ("What to watch", lesson.watch)]
        let cure = [("Why it happens", lesson.why), ("How to mend it", lesson.mend)]
        return ["Lesson \(lesson.name), on \(lesson.subject.rawValue).", Self.spoken(lesson.summary)]
            + course.flatMap(Self.part) + Self.phases("What happens", lesson.explanations) + cure.flatMap(Self.part)
            + (lesson.canBeMended ? Self.phases("What happens in the mended server", lesson.mendedExplanations) : [])
            + Self.part("The verdict", verdict)
    }

    private var verdict: String {
        lesson.verdicts.map { condition, words in
            let spoken = words.map(Self.words).joined(separator: " or ")
            return lesson.canBeMended ? "\(condition.capitalizedFirst): \(spoken)." : "\(spoken)."
        }.joined(separator: " ")
    }

    private static func part(_ title: String, _ text: String) -> [String] { ["", title + ".", spoken(text)] }

    private static func phases(_ title: String, _ texts: [LessonPhase: String]) -> [String] {
        let known = LessonPhase.all.compactMap { phase in
            texts[phase].map { "\(phase.name.capitalizedFirst): \(spoken($0))" }
        }
        return known.isEmpty ? [] : ["", title + "."] + known
    }

    /// The word of a verdict as a person says it.
    private static func words(_ word: Verdict.Word) -> String { word.rawValue.lowercased().replacing("-", with: " ") }

    /// A text as a sentence, without quotation marks.
    private static func spoken(_ text: String) -> String {
        let plain = text.filter { !"`\"".contains($0) }
        return plain.capitalizedFirst + (plain.hasSuffix(".") ? "" : ".")
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
