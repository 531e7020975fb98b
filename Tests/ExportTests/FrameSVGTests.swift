import Foundation
import FoundationXML
import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Export

@Suite(.timeLimit(.minutes(20))) struct `A still` {
    @Test(arguments: [Size(columns: 100, rows: 30), Size(columns: 40, rows: 10), Size(columns: 160, rows: 50)])
    func `has the text of its frame, row for row`(size: Size) throws {
        let sample = Sample(title: "日本 wide", path: "/ü✓─")
        let frame = sample.frame(at: .seconds(5.5), size: size)
        let svg = FrameSVG(frame, of: sample.summary.board, at: .seconds(5.5)).svg
        let rows = try Document(svg).texts.map { String($0.reversed().drop { $0 == " " }.reversed()) }
        #expect(rows == frame.lines.filter { !$0.isEmpty })
    }

    @Test(arguments: Sample.evil) func `is a well-formed document whatever the run says`(evil: String) throws {
        let sample = Sample(title: evil, path: evil)
        for moment in [Time.zero, .seconds(5.5), .seconds(9)] {
            let svg = FrameSVG(sample.frame(at: moment), of: sample.summary.board, at: moment).svg
            let document = try Document(svg)
            #expect(document.elements.isDisjoint(with: ["script", "b", "foreignObject"]))
            #expect(svg.unicodeScalars.allSatisfy(isHarmless))
        }
    }

    @Test func `draws frames and bars instead of trusting the font`() throws {
        var frame = Frame(size: Size(columns: 4, rows: 1))
        for (column, scalar) in ["─", "█", "▌", "╭"].enumerated() {
            frame[0, column] = Frame.Cell(Unicode.Scalar(scalar) ?? " ")
        }
        let document = try Document(FrameSVG(frame, of: Board(), at: .zero).svg)
        #expect(document.counts["rect"] == 1 + 3)
        #expect(document.counts["path"] == 1)
    }

    @Test func `paints what is reversed behind its text`() {
        var frame = Frame(size: Size(columns: 3, rows: 1))
        frame[0, 1] = Frame.Cell("x", Style(.normal, .reverse))
        let svg = FrameSVG(frame, of: Board(), at: .zero).svg
        #expect(svg.contains(##"<rect x="9" y="0" width="9" height="18" fill="#d9dde3"/>"##))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The palette` {
    @Test(arguments: [
        (16, "#000000"), (75, "#5fafff"), (208, "#ff8700"), (231, "#ffffff"), (232, "#080808"), (245, "#8a8a8a"),
        (255, "#eeeeee"),
    ])
    func `is that of xterm`(index: UInt8, color: String) {
        #expect(ThemeColors.xterm(index) == color)
    }
}

/// What XML 1.0 allows, without what moves a cursor or reorders a line.
func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A: true
    case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0xFFFE, 0xFFFF: false
    default: true
    }
}

/// A document of XML as far as a test looks at it; a document that is not well-formed throws.
final class Document: NSObject, XMLParserDelegate {
    private(set) var counts: [String: Int] = [:]
    private(set) var texts: [String] = []
    private var isText = false
    var elements: Set<String> { Set(counts.keys) }

    struct Broken: Error { var line: Int }

    init(_ text: String) throws {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        guard parser.parse() else { throw Broken(line: parser.lineNumber) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        counts[name, default: 0] += 1
        if name == "text" {
            isText = true
            texts.append("")
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if isText { texts[texts.count - 1] += string }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name == "text" { isText = false }
    }
}
