import LogImport
import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct `Mutated logs` {
    static let pieces: [[UInt8]] =
        [
            "\0", "\r\n", "\n\n", "\u{1B}[31m", "\u{1B}]0;", "{", "}", "\"", "\\u00", "2026-01-31T17:02:11Z ",
            "Feb 30 24:00:00 ",
            "99999999999999999999 ", "SIGTERM received", "shutting down", "closing ", "exitCode=",
            "[ 9999999999.999999]", "é", "日本",
            "signal 64 ", "{\"time\":1e308,\"msg\":1}", "{\"__REALTIME_TIMESTAMP\":\"-1\",\"MESSAGE\":[300,-1]}",
            "00:00:00 ",
            "{\"log\":\"{\\\"log\\\":\\\"x\\\",\\\"time\\\":\\\"y\\\"}\",\"time\":\"z\"}",
        ].map { Array($0.utf8) } + [[0xC3], [0xFF, 0xFE], [0xED, 0xA0, 0x80]]

    static func mutate(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: bytes.indices, using: &random)
            let end = min(bytes.count, at + Int.random(in: 1...200, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(at..<end)
            case 2: bytes.insert(contentsOf: pieces[Int.random(in: pieces.indices, using: &random)], at: at)
            case 3: bytes += bytes[at..<end]
            case 4: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: bytes.indices, using: &random))
            default: bytes = Array(bytes[..<at])
            }
        }
        return bytes
    }

    /// For each log.
    static let inputs = Effort.count(60)

    /// What must hold for any input: a header first, lines and `seq` in order, time that never runs backwards, and events
    /// that the board takes.
    static func check(_ bytes: [UInt8], _ name: String) {
        let imported = Imported(bytes, name: name, latest: Fixture.latest, piece: 977)
        guard case .header? = imported.items.first(where: { if case .problem = $0 { false } else { true } }) else {
            Issue.record("\(name): no header")
            return
        }
        var time = Time.zero
        for (index, event) in imported.events.enumerated() {
            #expect(event.time >= time, "\(name): time runs backwards at \(index)")
            #expect(event.sequence == index + 1)
            #expect(event.source == .importer)
            time = event.time
        }
        let board = imported.board
        #expect(!board.verdict.word.isGraceful)
        #expect(board.anomalies.total == 0, "\(name): \(board.anomalies.counts)")
        _ = LogImporter.recognise(bytes)
    }

    @Test(arguments: Fixture.names) func `never break the reader, nor the board`(name: String) throws {
        var random = Seeded(UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }.magnitude))
        let whole = try Fixture.bytes(name)
        for _ in 0..<Self.inputs { Self.check(Self.mutate(whole, &random), name) }
    }

    @Test(.enabled(if: Effort.isWhole)) func `are at least two thousand, of every format`() {
        #expect(Fixture.names.count >= 40)
        #expect(Fixture.names.count * Self.inputs >= 2_000)
    }
}
