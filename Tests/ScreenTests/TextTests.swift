import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Screen

@Suite(.timeLimit(.minutes(20))) struct `Text from outside` {
    @Test(arguments: [
        ("plain", "plain"), ("a\tb\nc", "a b c"), ("\u{1B}[31mred", "\u{FFFD}[31mred"), ("\u{9B}2J", "\u{FFFD}2J"),
        ("a\u{202E}b\u{2066}c", "abc"), ("a\u{200B}b\u{FEFF}c", "abc"), ("\u{26A0}\u{FE0F}!", "\u{26A0}!"),
        ("e\u{301}", "e"), ("日本", "日本"), ("👩\u{200D}💻", "👩💻"), ("\u{7F}\0", "\u{FFFD}\u{FFFD}"),
    ])
    func `becomes harmless`(text: String, expected: String) {
        #expect(Array(printable(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: [("hello", 5, "hello"), ("hello", 4, "hel…"), ("日本語", 4, "日…"), ("日本語", 6, "日本語"), ("a", 0, "")])
    func `is cut to the columns that it may take`(text: String, width: Int, expected: String) {
        #expect(printable(text, width: width) == expected)
    }

    @Test func `of any kind sends no control to the terminal`() {
        var random = Generator(state: 3)
        for _ in 0..<3_000 {
            let text = random.text()
            let width = random.number(30)
            let result = printable(text, width: width)
            #expect(printableWidth(result) <= width)
            #expect(result.unicodeScalars.allSatisfy { Safe($0)?.scalar == $0 })
            #expect(!result.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        }
    }

    @Test func `stays inside its cells wherever it is shown`() {
        var random = Generator(state: 5)
        for _ in 0..<60 {
            let board = Board(header: hostileHeader(&random), hostileEvents(&random))
            let size = Size(columns: 20 + random.number(120), rows: 4 + random.number(40))
            let frame = Painter.frame(
                board: board, view: View(), now: .seconds(3), size: size,
                capabilities: Capabilities(isUTF8: random.number(2) == 0))
            #expect(frame.cells.allSatisfy { $0.scalar.value == 0 || Safe($0.scalar)?.scalar == $0.scalar })
            #expect(frame.lines.allSatisfy { printableWidth($0) <= size.columns })
        }
    }

    private func hostileHeader(_ random: inout Generator) -> Header {
        Header(started: random.text(), clock: .zero, title: random.text(), command: random.text())
    }

    private func hostileEvents(_ random: inout Generator) -> [Event] {
        var events: [Event] = []
        for index in 1...12 {
            events.append(
                Event(
                    .requestStarted, from: .client, at: .seconds(1), sequence: index,
                    [.id: .int(Int64(index)), .method: .string(random.text()), .path: .string(random.text())]))
            events.append(
                Event(
                    .outputPrinted, from: .supervisor, at: .seconds(1), sequence: index, [.text: .string(random.text())]
                ))
            events.append(
                Event(
                    .resourceAcquired, from: .server, at: .seconds(1), sequence: index,
                    [.name: .string(random.text()), .detail: .string(random.text())]))
        }
        if random.number(2) == 0 {
            events.append(Event(.signalSent, from: .supervisor, at: .seconds(2), sequence: 13, [.signal: 15]))
        }
        return events
    }
}

extension Generator {
    /// Letters, controls, bidi, wide and combining scalars, and whatever else there is.
    mutating func text() -> String {
        let odd: [Unicode.Scalar] = [
            "\u{1B}", "\u{7}", "\u{8}", "\r", "\n", "\t", "\u{7F}", "\u{85}", "\u{9B}", "\u{9D}", "\u{200D}",
            "\u{202E}",
            "\u{2067}", "\u{FE0F}", "\u{301}", "日", "👩", "🏽", "🇩", "ﷺ", "\u{1160}", "\u{E0041}", "\u{3000}", "\u{2028}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<number(24) {
            switch number(3) {
            case 0: text.append(odd[number(odd.count)])
            case 1: text.append(Unicode.Scalar(UInt8(0x20 + number(95))))
            default: if let scalar = Unicode.Scalar(UInt32(number(0x110000))) { text.append(scalar) }
            }
        }
        return String(text)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A moment in the event list` {
    @Test(arguments: [(-250_000, "-0.250"), (-499, "+0.000"), (0, "+0.000"), (1_004_600, "+1.005")])
    func `is told to the millisecond, and never as minus zero`(microseconds: Int64, text: String) {
        let sent = Event(.signal(.sent(SignalEvent.SentSignal.byPerson)), from: .supervisor, at: .seconds(20))
        let scene = Scene(Board(header: nil, [sent]), View(), .seconds(21), Capabilities())
        #expect(scene.clock(.seconds(20) + Time(microseconds: microseconds)) == text)
    }
}

extension SignalEvent.SentSignal {
    fileprivate static let byPerson = Self(.terminate, pid: nil, by: .person)
}
