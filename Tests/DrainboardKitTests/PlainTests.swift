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

@Suite(.timeLimit(.minutes(20))) struct `A line that is typed` {
    private func lines(_ parts: String...) -> [TypedLine] {
        var lines = TypedLines()
        return parts.flatMap { lines.take($0.utf8) } + [lines.end()].compactMap(\.self)
    }

    @Test func `is whole at its newline, however it comes`() {
        #expect(lines("te", "rm\nqu", "it\n") == [.text("term"), .text("quit")])
    }

    @Test func `may lack its newline at the end of the input`() { #expect(lines("t") == [.text("t")]) }

    @Test func `has no blanks around it, and is nothing where it is empty`() {
        #expect(lines(" term \r\n\n  \n") == [.text("term")])
    }

    @Test func `is refused when it is too long, and takes no more memory for that`() {
        #expect(lines(String(repeating: "t", count: 200) + "\n") == [.text(String(repeating: "t", count: 200))])
        #expect(lines(String(repeating: "t", count: 1_000_000), "t\nt\n") == [.tooLong, .text("t")])
    }

    @Test(arguments: ["\u{1B}[A", "t\u{0}", "\u{8}t", "t\u{202E}"]) func `is refused with control bytes`(text: String) {
        #expect(lines(text + "\nt\n") == [.unreadable, .text("t")])
    }

    @Test func `is refused where it is no UTF-8`() {
        var lines = TypedLines()
        #expect(lines.take([0xFF, 0x0A]) == [.unreadable])
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A typed command` {
    static let commands: [(String, PlainCommand)] = [
        ("t", .send(.terminate)), ("term", .send(.terminate)), ("TERM", .send(.terminate)),
        ("SIGTERM", .send(.terminate)), ("i", .send(.interrupt)), ("int", .send(.interrupt)), ("K", .askToKill),
        ("kill", .askToKill), ("sigkill", .askToKill), ("y", .confirm), ("yes", .confirm), ("g", .turnGate),
        ("hold", .hold), ("go", .release), ("G", .step), ("step", .step), ("e", .explain), ("explain", .explain),
        ("q", .quit), ("quit", .quit), ("?", .help), ("help", .help), ("sighup", .send(.hangup)),
    ]

    @Test(arguments: commands) func `is a letter, a word, or the name of a signal`(text: String, command: PlainCommand)
    {
        #expect(PlainCommand(text, hasGate: true) == command)
    }

    @Test(arguments: ["exit", "T", "tt", "ti", "term now", "15", "sig15", "stop", "hup", "k", "terminate", "n"])
    func `is nothing else`(text: String) { #expect(PlainCommand(text, hasGate: true) == nil) }

    @Test(arguments: ["g", "G", "hold", "go", "step"]) func `needs a gate to hold at`(text: String) {
        #expect(PlainCommand(text, hasGate: false) == nil)
        #expect(!PlainCommand.help(false).joined().contains("hold"))
    }

    @Test(arguments: [false, true]) func `is offered on lines that fit`(hasGate: Bool) {
        let lines = PlainCommand.help(hasGate) + [PlainCommand.offer(hasGate)]
        #expect(lines.allSatisfy { $0.count < 80 })
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A demo at which nobody can type` {
    @Test func `is asked to stop some seconds after it serves`() {
        var stop = UnattendedStop(.terminate)
        #expect(stop.next(at: .zero, isServing: true, wasAsked: false) == nil)
        #expect(stop.due == nil)
        stop.begin()
        #expect(stop.next(at: .seconds(1), isServing: false, wasAsked: false) == nil)
        #expect(stop.next(at: .seconds(2), isServing: true, wasAsked: false) == nil)
        #expect(stop.due == .seconds(5))
        #expect(stop.next(at: .seconds(4), isServing: true, wasAsked: false) == nil)
        #expect(!stop.hasSent)
        #expect(stop.next(at: .seconds(5), isServing: true, wasAsked: false) == .terminate)
        #expect(stop.hasSent)
    }

    @Test func `is not asked where somebody has`() {
        var stop = UnattendedStop(.terminate)
        stop.begin()
        #expect(stop.next(at: .zero, isServing: true, wasAsked: false) == nil)
        #expect(stop.next(at: .seconds(9), isServing: true, wasAsked: true) == nil)
        #expect(stop.due == nil)
    }

    @Test func `gets SIGTERM where the signal of its lesson ends nothing`() {
        var stop = UnattendedStop(.hangup)
        stop.begin()
        _ = stop.next(at: .zero, isServing: true, wasAsked: false)
        #expect(stop.next(at: .seconds(3), isServing: true, wasAsked: false) == .hangup)
        #expect(stop.next(at: .seconds(4), isServing: true, wasAsked: false) == nil)
        #expect(stop.next(at: .seconds(6), isServing: true, wasAsked: false) == .terminate)
    }
}
