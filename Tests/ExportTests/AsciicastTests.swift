import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Export

@Suite(.timeLimit(.minutes(20))) struct `A cast` {
    @Test(arguments: Effort.some(of: [Theme.dark, .light, .monochrome])) func `plays to the frames of its film`(
        theme: Theme
    ) throws {
        let sample = Sample(title: "日本 wide", path: "/ü", end: .polite)
        let film = sample.film()
        let lines = Asciicast(sample.summary.board, film, theme: theme).text.split(separator: "\n").map(String.init)
        #expect(lines.count == film.shots.count + 2)
        var terminal = TinyTerminal(film.size)
        for (line, shot) in zip(lines.dropFirst(), film.shots) {
            terminal.feed(try Self.event(line).data)
            #expect(terminal.lines == shot.frame.lines)
        }
    }

    @Test func `tells its size, title and date`() throws {
        let sample = Sample()
        let first = Asciicast(sample.summary.board, sample.film()).text.prefix { $0 != "\n" }
        let header = try #require(try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
        #expect(header["version"] as? Int == 2)
        #expect(header["width"] as? Int == 100)
        #expect(header["height"] as? Int == 30)
        #expect(header["timestamp"] as? Int == 1_769_878_931)
        #expect(header["title"] as? String == "sample")
    }

    @Test func `keeps the run's own times`() throws {
        let film = Sample().film()
        let lines = Asciicast(Board(), film).text.split(separator: "\n").map(String.init)
        for (line, shot) in zip(lines.dropFirst(), film.shots) {
            #expect(abs(try Self.event(line).time - shot.time.seconds) < 1e-6)
        }
    }

    static func event(_ line: String) throws -> (time: Double, data: String) {
        let parts = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
        return (try #require(parts[0] as? Double), try #require(parts[2] as? String))
    }
}

/// As much of a terminal as a cast needs: cells, cursor addressing, clear; styles are skipped.
struct TinyTerminal {
    private var frame: Frame
    private var row = 0
    private var column = 0

    init(_ size: Size) { frame = Frame(size: size) }

    var lines: [String] { frame.lines }

    mutating func feed(_ text: String) {
        var rest = Substring(text)
        while let scalar = rest.unicodeScalars.first {
            if let match = rest.prefixMatch(of: /\x1B\[([?0-9;]*)([A-Za-z])/) {
                control(match.1, match.2)
                rest = rest[match.range.upperBound...]
            } else {
                put(scalar)
                rest = Substring(rest.unicodeScalars.dropFirst())
            }
        }
    }

    private mutating func control(_ numbers: Substring, _ final: Substring) {
        let values = numbers.split(separator: ";").map { Int($0) ?? 1 }
        if final == "H" { (row, column) = ((values.first ?? 1) - 1, (values.dropFirst().first ?? 1) - 1) }
        if final == "J" { frame = Frame(size: frame.size) }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = printableWidth(String(Character(scalar)))
        guard column + width <= frame.size.columns, row < frame.size.rows else { return }
        frame[row, column] = Frame.Cell(scalar)
        if width == 2 { frame[row, column + 1] = .continuation }
        column += width
    }
}
