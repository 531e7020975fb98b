import Foundation
import Player
import Screen
import ShutdownBoard
import ShutdownTrace
import Terminal

/// What keys ask for that takes more than a line: moving, searching, marking, exporting, the gate.
extension Dashboard {
    /// Passes on what a person asks of the gate, and shows the present, where it takes effect.
    func tellGate(_ command: ControlCommand) {
        guard show.run?.tell(command) == true else {
            view.asksToHold = false
            return say("The server takes no orders now.")
        }
        player.perform(.end, at: Self.now)
    }

    func move(_ move: Move) {
        search = nil
        player.perform(move, at: Self.now)
    }

    func find(forward: Bool) { search = Search(view.filter, from: player.position.count, forward: forward) }

    /// Some milliseconds of a search, so that keys and frames come between.
    func searchOn() {
        guard var search else { return }
        self.search = nil
        switch search.step(in: player.timeline) {
        case .found(let position):
            player.perform(.toEvent(position.count), at: Self.now)
        case .nothing:
            let way = search.isForward ? "further on" : "before this"
            say("No event \(way) has \"\(printable(search.text, width: 30))\".")
        case .unfinished:
            self.search = search
            return
        }
        isDirty = true
        lastFrame = 0
    }

    package func mark() {
        let count = player.marks.positions.count
        let moment = "\(player.position.time.tenths) s"
        do throws(RecordingError) {
            try player.toggleMark()
            let isNew = player.marks.positions.count > count
            say(isNew ? "Marked \(moment): ' and \" go to marks." : "The mark at \(moment) is taken away.")
        } catch { say(error.description) }
    }

    package func export() {
        // What is over the dashboard is no part of the run.
        var view = view
        (view.notice, view.transport, view.overlay) = (nil, nil, nil)
        let frame = Painter.frame(
            board: player.board, view: view, now: player.position.time, size: Size(columns: 100, rows: 30))
        do {
            let keepsake = Keepsake(
                board: player.timeline.head, frame: frame, moment: player.position.time, theme: theme)
            say("Written here: \(try keepsake.write().joined(separator: " and "))")
        } catch { say("\(error)") }
    }
}
