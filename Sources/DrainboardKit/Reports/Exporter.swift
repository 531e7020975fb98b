package import Export
import Screen
import ShutdownBoard
import ShutdownTrace

/// Makes the text of an export from a recording that can be read more than once.
package struct Exporter {
    private let request: ExportRequest
    private let source: ExportSource
    private let summary: RunSummary

    package init(request: ExportRequest, source: ExportSource, summary: RunSummary) {
        self.request = request
        self.source = source
        self.summary = summary
    }

    private var board: Board { summary.board }
    private var theme: Theme { request.theme }

    package func text() throws -> String {
        switch request.format {
        case .svg where request.isTimeline:
            return Chart(summary, theme: theme).svg
        case .svg:
            let (frame, moment) = try still()
            return FrameSVG(frame, of: board, at: moment, theme: theme).svg
        case .markdown:
            let (frame, moment) = try still()
            return MarkdownReport(board, frame: frame, at: moment).markdown
        case .html:
            return Page(summary, try film(), theme: theme).html
        case .asciicast:
            return Asciicast(board, try film(), theme: theme).text
        }
    }

    private func still() throws -> (frame: Frame, moment: Time) {
        var snapshot = Snapshot(at: try moment(), size: request.size)
        try source.play(header: { snapshot.apply($0) }, event: { snapshot.apply($0) })
        return (snapshot.frame, snapshot.moment)
    }

    private func film() throws -> Film {
        var camera = Camera(moments: summary.moments(), size: request.size)
        try source.play(header: { camera.apply($0) }, event: { camera.apply($0) })
        return camera.finish()
    }

    private func moment() throws -> Time {
        switch request.moment {
        case nil: return summary.tellingMoment
        case .sinceStart(let seconds)?: return .seconds(seconds)
        case .sinceSignal(let seconds)?:
            guard let signal = board.stopSignal else {
                throw Failure("\(source.name) has no signal. Give --at in seconds since the start of the run.")
            }
            return signal.at + .seconds(seconds)
        }
    }
}
