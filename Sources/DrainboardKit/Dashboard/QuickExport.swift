import Export
import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace

/// What the key for an export leaves in the current folder: a report, and the picture on the screen.
struct QuickExport {
    /// The run as far as it is known.
    let board: Board
    let frame: Frame
    let moment: Time
    let theme: Theme

    /// - Returns: The names of the files; none of them was there before.
    /// - Throws: `Failure`, which says what could not be written.
    func write(in folder: String = "") throws -> [String] {
        let stem = freeStem(folder)
        let report = MarkdownReport(board, frame: frame, at: moment).markdown
        let picture = FrameSVG(frame, of: board, at: moment, theme: theme).svg
        try ExportFile(path: stem + ".md", mayReplace: false).write(report)
        try ExportFile(path: stem + ".svg", mayReplace: false).write(picture)
        return [stem + ".md", stem + ".svg"]
    }

    /// `drainboard-polite`, or with the first number that is not taken.
    private func freeStem(_ folder: String) -> String {
        let title = board.title.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let stem = folder + "drainboard-" + String(title.prefix(40))
        let stems = [stem] + (2...999).map { "\(stem)-\($0)" }
        return stems.first { stem in
            [".md", ".svg"].allSatisfy { !FileManager.default.fileExists(atPath: stem + $0) }
        } ?? stem
    }
}
