public import Screen
internal import ShutdownBoard

/// A whole shutdown as one drawing.
public struct Chart {
    let survey: Survey
    let inks: Inks

    public init(_ survey: Survey, theme: Theme = .dark) {
        self.survey = survey
        inks = Inks(theme)
    }

    public var svg: String { "" }
}
