package import LogImport
import Player
package import Screen
import ShutdownBoard
package import ShutdownTrace

/// One moment of a recorded run, as a picture in plain text.
package enum RecordedFrame {
    /// The lines of a trace or a log at a moment, or at its end.
    ///
    /// - Throws: `Failure` when the file cannot be read.
    package static func lines(
        of file: String, _ rules: RuleBook, at moment: Time?, size: Size, isUTF8: Bool
    ) throws -> [String] {
        let timeline = try Recording.whole(file, rules: rules).timeline
        var player = Player(timeline)
        player.perform(moment.map(Move.to) ?? .end, at: .zero)
        var view = View(isLastPicture: player.position.count >= timeline.count)
        view.playing = Playing(recordedIn: player.board.header)
        return Painter.frame(
            board: player.board, view: view, now: player.position.time, size: size,
            capabilities: Capabilities(isUTF8: isUTF8)
        ).lines
    }
}
