internal import Foundation
package import Screen
package import ShutdownBoard
internal import ShutdownTrace

/// A film as an asciicast, version 2, that asciinema plays: a header, then one line of JSON for each change.
///
/// Times are those of the run (docs.asciinema.org, asciicast v2); long waits stay in the file, and
/// `idle_time_limit` asks the player to shorten them. Of a frame only the cells that changed are written.
package struct Asciicast {
    let board: Board
    let film: Film
    let theme: Theme

    /// - Parameters:
    ///   - board: The run's last board, for title and date.
    ///   - film: What is played.
    ///   - theme: The colours, from the palette of 256.
    package init(_ board: Board, _ film: Film, theme: Theme = .dark) {
        self.board = board
        self.film = film
        self.theme = theme
    }

    /// How long the last frame stays.
    private static let rest = Time.seconds(3)

    /// The file's text.
    package var text: String {
        var lines = [header]
        var last = Frame(size: film.size)
        let start = film.shots.first?.time ?? .zero
        for (index, shot) in film.shots.enumerated() {
            // Clears the screen and hides the cursor before the first frame.
            let clear = index == 0 ? "\u{1B}[0m\u{1B}[2J\u{1B}[?25l" : ""
            lines.append(event(shot.time - start, clear + repaint(last, shot.frame)))
            last = shot.frame
        }
        if let end = film.shots.last?.time {
            lines.append(event(end - start + Self.rest, "\u{1B}[\(film.size.rows);1H\u{1B}[?25h"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var header: String {
        let title = quoted(printable(board.title, width: 80), ascii: false)
        let date = board.header.flatMap { Self.date($0.started) }
        let invocation = board.facts.invocation.map { quoted($0.description, ascii: false) }
        let command = invocation.map { #""command":\#($0),"# } ?? ""
        let timestamp = date.map { #","timestamp":\#(Int64($0.timeIntervalSince1970))"# } ?? ""
        return #"{"version":2,"width":\#(film.size.columns),"height":\#(film.size.rows)\#(timestamp),"#
            + command + #""title":\#(title),"idle_time_limit":2,"env":{"TERM":"xterm-256color"}}"#
    }

    static func date(_ text: String) -> Date? {
        let precise = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? precise.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))
    }

    private func event(_ time: Time, _ data: String) -> String {
        #"[\#(time.decimals(6)),"o",\#(quoted(data, ascii: false))]"#
    }

    /// The sequences that turn one frame into the next (ECMA-48: CUP 8.3.21, SGR 8.3.117).
    private func repaint(_ old: Frame, _ new: Frame) -> String {
        var text = ""
        for row in 0..<new.size.rows {
            let changed = (0..<new.size.columns).filter { old[row, $0] != new[row, $0] }
            guard var first = changed.first, let last = changed.last else { continue }
            // A wide character is written whole.
            if new[row, first].scalar.value == 0 { first -= 1 }
            text += "\u{1B}[\(row + 1);\(first + 1)H"
            var style = Style.plain
            for column in max(0, first)...last where new[row, column].scalar.value != 0 {
                let cell = new[row, column]
                if cell.style != style { text += sgr(cell.style) }
                style = cell.style
                text.unicodeScalars.append(cell.scalar)
            }
            if style != .plain { text += "\u{1B}[0m" }
        }
        return text
    }

    private func sgr(_ style: Style) -> String {
        let paint = theme.paint(style.ink)
        let color = paint.color.map { ["38", "5", String($0)] } ?? []
        return "\u{1B}[" + (paint.emphasis.union(style.emphasis).sgr + color).joined(separator: ";") + "m"
    }
}
