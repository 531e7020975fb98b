import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

/// A key that does nothing.
@Suite(.timeLimit(.minutes(20))) struct `A key without an effect` {
    static let cases: [(Moment, Key, String)] = [
        (.serving, .character("w"), "w does nothing here: ? lists the keys."),
        (.killed, .character("t"), "t does nothing now: the server is gone."),
        (
            Moment(name: "new", board: Board(), now: .zero), .character("K"),
            "K does nothing now: the server has not started yet."
        ),
        (.serving, .character("r"), "r does nothing now: the server still runs."),
        (.serving, .character("v"), "v does nothing now: there is no verdict yet."),
        (.killed, .character("z"), "z does nothing now: the verdict fills the screen, v shows the panes."),
        (.draining, .enter, "Enter does nothing now: choose a request first, by a click or by Tab and ↑↓."),
        (
            Moment(name: "r", board: .draining, now: .seconds(23.8), transport: .recorded), .character("n"),
            "n does nothing now: it needs a filter, press / and type one."
        ),
        (
            Moment(name: "r", board: .draining, now: .seconds(23.8), transport: .recorded), .character("s"),
            "s does nothing now: this is a recording, without a server."
        ),
    ]

    @Test(arguments: cases.indices) func `says why`(index: Int) {
        let (moment, key, words) = Self.cases[index]
        var view = moment.view
        #expect(view.press(key, on: moment.board, now: moment.now) == nil)
        #expect(view.notice == words)
    }

    @Test func `is never silent`() {
        for moment in Moment.all
        where ["serving", "killed", "replay-paused", "held", "live-past"].contains(moment.name) {
            for overlay in `A key`.overlays + [
                .request(id: 817, scroll: 0), .startConfirmation(lesson: "polite", isMended: false),
            ] {
                let letters: [Key] = "abcdefghijklmnopqrstuvwxyzGKMNQ.,[]0-+='\"/? ".map { .character($0) }
                for key in letters + [.up, .down, .left, .right, .home, .end, .pageUp, .tab, .enter, .backspace] {
                    var view = moment.view
                    view.overlay = overlay
                    view.notice = nil
                    let before = view
                    let effect = view.press(key, on: moment.board, now: moment.now)
                    #expect(effect != nil || view != before, "\(moment.name) \(key)")
                }
            }
        }
    }
}
