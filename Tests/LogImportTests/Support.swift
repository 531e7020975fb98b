internal import Foundation
import LogImport
import ShutdownBoard
import ShutdownTrace

/// One log, imported whole.
struct Imported {
    var items: [TraceReader.Item]
    var program: String?

    init(_ bytes: [UInt8], name: String = "app", latest: Int64? = nil, rules: RuleBook = .builtIn, piece: Int = 1 << 16)
    {
        var importer = LogImporter(rules: rules, name: name, latest: latest)
        items = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            items += importer.read(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        items += importer.end()
        program = importer.program
    }

    init(_ text: String, latest: Int64? = nil, rules: RuleBook = .builtIn) {
        self.init(Array(text.utf8), latest: latest, rules: rules)
    }

    var header: Header? { items.lazy.compactMap { if case .header(let header) = $0 { header } else { nil } }.first }
    var events: [Event] { items.compactMap { if case .event(let event) = $0 { event } else { nil } } }
    var problems: [String] {
        items.compactMap { if case .problem(let line, let text) = $0 { "\(line): \(text)" } else { nil } }
    }
    var board: Board { Board(header: header, events) }
    var texts: [String] { events.compactMap { $0.fields.string(.text) } }
    var seconds: [Double] { events.map(\.time.seconds) }

    /// `signal.received`, or `drain.ended?` for what was inferred; lines that say nothing are left out.
    var story: [String] {
        events.filter { $0.kind != .logLine }.map { $0.kind.rawValue + ($0.isInferred ? "?" : "") }
    }

    /// The phases that the board goes through.
    var phases: [String] {
        var board = Board()
        var words: [String] = []
        for event in events {
            board.apply(event)
            if words.last != board.phase.word { words.append(board.phase.word) }
        }
        return words
    }
}

extension Event {
    var isInferred: Bool { fields.bool(.inferred) == true }
}

enum Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)) }.sorted()
    }()

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: "\(name).log")))
    }

    /// 31 January 2027: later than every fixture.
    static let latest: Int64 = 1_801_400_000

    static func imported(_ name: String, piece: Int = 1 << 16) throws -> Imported {
        Imported(try bytes(name), name: name, latest: latest, piece: piece)
    }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// What `stories.txt` tells, by the name of the log.
    static func stories() throws -> [String: String] {
        let told = try text("stories.txt").split(separator: "\n== ", omittingEmptySubsequences: true)
        return Dictionary(
            uniqueKeysWithValues: told.map { part in
                let story = part.hasPrefix("== ") ? String(part) : "== \(part)"
                let name = story.dropFirst(3).prefix { $0 != ":" }
                return (String(name), story.hasSuffix("\n") ? story : story + "\n")
            })
    }

    static func write(_ text: String, to name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
}

extension Board {
    var verdict: Verdict { Judge(self).verdict }
}
