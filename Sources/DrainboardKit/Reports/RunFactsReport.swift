import Experiment
import Screen
import ShutdownBoard
import ShutdownTrace

/// The facts of one recorded run, as JSON or as text.
///
/// `VerdictFormat.md` documents the JSON field by field.
package struct RunFactsReport: Encodable {
    let name: String
    let file: String
    let title: String
    let extent: RunEntry.Extent
    @OrNull private(set) var started: String?
    @OrNull private(set) var signal: String?
    @OrNull private(set) var verdict: String?
    @OrNull private(set) var durationMs: Double?
    let bytes: Int
    let kept: Bool
    let named: Bool
    let marks: Int
    private let origin: RunOrigin
    private let judged: Verdict?

    private enum CodingKeys: CodingKey {
        case name, file, title, extent, started, signal, verdict, durationMs, bytes, kept, named, marks, headline,
            lesson,
            invocation, url, options, version, host
    }

    package init(_ entry: RunEntry) {
        let board = entry.board
        let isKnown = entry.extent != .empty
        judged = entry.verdict
        name = entry.name
        file = entry.run.path
        title = entry.title
        extent = entry.extent
        _started = OrNull(wrappedValue: board.header?.started)
        _signal = OrNull(wrappedValue: board.stopSignal?.signal.name)
        _verdict = OrNull(wrappedValue: judged?.word.rawValue)
        _durationMs = OrNull(wrappedValue: isKnown ? Double(board.time.microseconds) / 1_000 : nil)
        bytes = entry.run.size
        kept = entry.run.note.isKept
        named = entry.run.note.name != nil
        marks = entry.marks
        origin = RunOrigin(board)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(file, forKey: .file)
        try fields.encode(title, forKey: .title)
        try fields.encode(extent, forKey: .extent)
        try fields.encode(_started, forKey: .started)
        try fields.encode(_signal, forKey: .signal)
        try fields.encode(_verdict, forKey: .verdict)
        try fields.encode(judged?.headline, forKey: .headline)
        try fields.encode(judged?.lesson, forKey: .lesson)
        try fields.encode(_durationMs, forKey: .durationMs)
        try fields.encode(bytes, forKey: .bytes)
        try fields.encode(kept, forKey: .kept)
        try fields.encode(named, forKey: .named)
        try fields.encode(marks, forKey: .marks)
        let facts = origin.facts
        try fields.encode(facts.invocation?.description, forKey: .invocation)
        try fields.encode(facts.url, forKey: .url)
        try fields.encode(facts.invocation?.options, forKey: .options)
        try fields.encode(facts.version, forKey: .version)
        try fields.encode(facts.host, forKey: .host)
    }

    /// - Throws: What the encoder throws.
    package func json() throws -> String { try Report.json(self) }

    /// The lines for a person.
    package var lines: [String] {
        let stays = [
            named ? "named" : kept ? "kept" : "", marks > 0 ? counted(marks, "mark") : "",
        ].filter { !$0.isEmpty }
        var facts = [Fact("run", name), Fact("what ran", title)]
        facts += origin.rows.map { Fact($0.label, $0.text, isCopied: $0.kind == .command || $0.kind == .url) }
        facts += [
            Fact("signal", signal ?? "none was sent"),
            Fact("took", durationMs.map { Time(microseconds: Int64($0 * 1_000)).words } ?? "-"),
            Fact("verdict", judged.map { "\($0.word.rawValue)   \($0.headline)" } ?? Self.words(extent)),
        ]
        if let judged { facts.append(Fact("", judged.lesson)) }
        facts += [
            Fact("file", file, isCopied: true), Fact("size", bytes.inBytes),
            Fact("stays", stays.isEmpty ? "until newer runs need its place" : "yes: " + stays.joined(separator: ", ")),
        ]
        if extent != .empty {
            facts += [
                Fact("open it", "drainboard replay \(name)", isCopied: true),
                Fact("", "drainboard judge \(name)", isCopied: true),
                Fact("", "drainboard export \(name) --to html", isCopied: true),
            ]
        }
        return facts.flatMap(Self.lines)
    }

    private static func words(_ extent: RunEntry.Extent) -> String {
        switch extent {
        case .whole: ""
        case .writing: "none yet: the run goes on, or its end is still being looked at"
        case .cut: "none: the recording breaks off before the end of its run"
        case .empty: "none: nothing could be written into the recording"
        }
    }

    private static func lines(_ fact: Fact) -> [String] {
        let text = printable(fact.text)
        let lines = fact.isCopied ? [text] : Paragraph.lines(text, width: 66)
        return lines.enumerated().map { ($0.offset == 0 ? fact.label : "").padded(right: 10) + "  " + $0.element }
    }

    /// A line for a person.
    private struct Fact {
        let label: String
        let text: String
        /// Whether it stays whole, so that it can be copied: a command, a path.
        let isCopied: Bool

        init(_ label: String, _ text: String, isCopied: Bool = false) {
            self.label = label
            self.text = text
            self.isCopied = isCopied
        }
    }
}
