package import Screen

/// What an export is to show, and how.
package struct ExportRequest: Sendable {
    package var format: ExportFormat
    /// Draws the whole shutdown instead of the screen.
    package var isTimeline: Bool
    /// The moment of a still; nil for the middle of the drain.
    package var moment: ExportMoment?
    package var size: Size
    package var theme: Theme

    package init(_ format: ExportFormat, isTimeline: Bool, at moment: ExportMoment?, size: Size, theme: Theme) {
        self.format = format
        self.isTimeline = isTimeline
        self.moment = moment
        self.size = size
        self.theme = theme
    }

    /// The name of a recording with another ending, in the current folder.
    package func name(for file: String) -> String {
        let name = file == "-" ? "run" : file.fileName
        let stem = name.split(separator: ".", omittingEmptySubsequences: false).dropLast().joined(separator: ".")
        return (stem.isEmpty ? name : stem) + (isTimeline ? "-timeline" : "") + "." + format.ending
    }
}

/// What a recorded run can be written as.
package enum ExportFormat: String, CaseIterable, Sendable {
    case svg, html, markdown, asciicast

    var ending: String {
        switch self {
        case .svg: "svg"
        case .html: "html"
        case .markdown: "md"
        case .asciicast: "cast"
        }
    }
}

/// A moment of a recorded run.
package enum ExportMoment: Equatable, Sendable {
    /// Seconds since the start of the run.
    case sinceStart(Double)
    /// Seconds since the first signal.
    case sinceSignal(Double)
}
