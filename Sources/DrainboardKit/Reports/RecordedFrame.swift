package import LogImport
import Player
package import Screen
import ShutdownBoard
package import ShutdownTrace

/// One moment of a recorded run, as a picture in plain text.
package struct RecordedFrame {
    private var player: Player

    /// - Parameters:
    ///   - file: A trace, or a log.
    ///   - rules: What the lines of logs mean.
    ///   - moment: Nil for the end.
    /// - Throws: `Failure` when the file cannot be read.
    package init(of file: String, _ rules: RuleBook, at moment: Time?) throws {
        let tape = try Tape(contentsOf: file, rules: rules)
        try tape.readWhole()
        tape.complain()
        player = Player(tape.timeline, recording: nil)
        player.perform(moment.map(Move.to) ?? .end, at: .zero)
    }

    package func print(_ size: Size, isUTF8: Bool) {
        var view = View()
        view.playing = Playing(recordedIn: player.board.header)
        let picture = Painter.frame(
            board: player.board, view: view, now: player.position.time, size: size,
            capabilities: Capabilities(isUTF8: isUTF8))
        for line in picture.lines { Console.print(line) }
    }
}
