import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

/// The large letters.
@Suite(.timeLimit(.minutes(20))) struct `A screen for a room` {
    @Test(arguments: [(80, 24), (120, 36), (200, 60), (300, 100)])
    func `has four facts in large letters`(columns: Int, rows: Int) throws {
        for moment in Moment.all {
            var hand = Hand(moment)
            hand.size = Size(columns: columns, rows: rows)
            hand.view.overlay = nil
            if !hand.view.isBig { hand.press(.character("b")) }
            let blocks = hand.lines.map { $0.contains("█") }
            // At least four rows of letters, each of five lines at least.
            #expect(blocks.count { $0 } >= 17, "\(moment.name)\n\(hand.lines.joined(separator: "\n"))")
            #expect(!hand.lines[0].isEmpty && hand.lines[rows - 1].contains("quit"))
        }
    }

    @Test func `has letters of one form each`() {
        var seen: Set<[String]> = []
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789.,-+%" {
            var canvas = Canvas(size: Size(columns: 4, rows: 5), glyphs: Glyphs(isUTF8: true))
            BlockLetters.put(String(letter), &canvas, 0, 0, .plain)
            #expect(seen.insert(canvas.frame.lines).inserted, "\(letter)")
            #expect(canvas.frame.lines.joined().contains("█"))
        }
    }

    @Test func `changes back by the same key`() {
        var hand = Hand(.draining)
        let before = hand.lines
        hand.press(.character("b"))
        #expect(hand.lines != before)
        hand.press(.character("b"))
        #expect(hand.lines == before)
    }
}
