private import Foundation
import ShutdownTrace
import Testing

/// Holds the documented format and the code together, in both directions.
@Suite(.timeLimit(.minutes(20))) struct `The documented trace format` {
    static func source(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        return try String(contentsOf: root.appending(path: "Sources/ShutdownTrace/\(path)"), encoding: .utf8)
    }

    struct Row: Hashable {
        var names: [String]
        var sources: [String]
        var fields: [String]
    }

    /// The rows of all tables, cell by cell; every word between backticks is a name.
    static func rows() throws -> [Row] {
        try source("ShutdownTrace.docc/TraceFormat.md").split(separator: "\n").filter { $0.hasPrefix("|") }.map {
            line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let sources = cells.count > 4 ? cells[2].split { !$0.isLetter }.map(String.init) : []
            return Row(names: quoted(cells[1]), sources: sources, fields: quoted(cells.dropFirst(2).joined()))
        }
    }

    static func quoted(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
    }

    static func events() throws -> [Row] {
        try rows().filter { $0.sources.count > 0 && $0.names.first?.contains(".") == true }
    }

    @Test(arguments: EventKind.allCases.filter { $0 != .unknown })
    func `lists every kind of event with who saw it`(kind: EventKind) throws {
        let rows = try Self.events().filter { $0.names == [kind.rawValue] }
        #expect(!rows.isEmpty)
        for source in rows.flatMap(\.sources) where source != "or" && source != "any" {
            #expect(Source(rawValue: source) != nil, "\(source) is no source")
        }
    }

    @Test func `lists no event that does not exist`() throws {
        for row in try Self.events() { #expect(EventKind(name: row.names[0]) != .unknown, "\(row.names)") }
    }

    static func keys() throws -> [String] {
        try source("Vocabulary/Keys.swift").matches(of: #/(\w+) = Self\(\.(\w+)\)/#).map { match in
            #expect(match.1 == match.2)
            return String(match.2)
        }
    }

    @Test func `names every field that is written`() throws {
        let named = Set(try Self.rows().flatMap { $0.names + $0.fields })
        for key in try Self.keys() { #expect(named.contains(key), "\(key) is not documented") }
    }

    @Test func `names no field that has no key`() throws {
        let keys = Set(try Self.keys())
        let values: Set<String> = [
            "exited", "signaled", "out", "err", "user", "check", "grace", "cleanup", "clean", "forced", "fin", "reset",
            "client", "refused", "accepts", "paid", "unknown", "lost", "twice", "ambiguous", "denied",
            "serverError", "unexpected", "length", "/proc/PID/status", "-wal", "seq", "proxy", "haproxy", "group",
            "process.exited", "X-Instance", "echoed",
        ]
        for field in try Self.events().flatMap(\.fields) {
            #expect(keys.contains(field) || values.contains(field), "\(field) has no key")
        }
    }

    @Test(arguments: Fate.allCases)
    func `names every fate`(fate: Fate) throws {
        #expect(try Self.source("ShutdownTrace.docc/TraceFormat.md").contains("`\(fate.rawValue)`"))
    }

    @Test func `is the version that is written`() throws {
        #expect(try Self.source("ShutdownTrace.docc/TraceFormat.md").contains("version \(Header.currentVersion)\n"))
    }
}
