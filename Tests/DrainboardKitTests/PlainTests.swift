import ShutdownBoard
import ShutdownTrace
import Synchronization
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `A run line by line` {
    private func lines(_ story: Story, isASCII: Bool = false) -> [String] {
        let printed = Mutex<[String]>([])
        var printer = PlainPrinter(isASCII: isASCII) { line in printed.withLock { $0.append(line) } }
        var board = Board(header: story.header, [])
        for event in story.events {
            board.apply(event)
            // The second time there is nothing new.
            printer.print(board)
            printer.print(board)
        }
        return printed.withLock(\.self)
    }

    @Test func `has each event once`() {
        let lines = lines(Story())
        #expect(Set(lines).count == lines.count)
    }

    @Test func `counts the time from the signal once there is one`() {
        let lines = lines(Story())
        #expect(lines.first?.hasPrefix("0.000 supervisor: ") == true)
        #expect(lines.contains { $0.hasPrefix("+0.000 supervisor: ") })
        #expect(lines.contains { $0.hasPrefix("+2.000 kernel: ") })
    }

    @Test func `says what the server waits for when that changes`() {
        let waits = lines(Story()).filter { $0.hasPrefix("waiting for ") }
        #expect(!waits.isEmpty)
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 != $1 })
    }

    @Test func `is ASCII where that is asked for`() {
        #expect(lines(Story(output: "naïve…"), isASCII: true).allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test func `lets no escape sequence through`() {
        #expect(Console.safe("a\u{1B}[2Jb", ascii: false).contains("\u{1B}") == false)
        #expect(Console.safe("3 µs… · é", ascii: true) == "3 us... - ?")
    }
}
