import LogImport
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `What is no clean text` {
    static let files: [([UInt8], Recognition)] = [
        ([], .empty), (Array("\n \r\n".utf8), .empty), ([0x1F, 0x8B, 8, 0], .compressed(with: "zcat")),
        ([0xFF, 0xFE, 65, 0], .binary),
        (Array("\u{7F}ELF\u{2}\u{1}\u{1}\u{3}\u{1}\u{6}\u{7}".utf8), .binary), ([0, 0, 0, 0], .binary),
        ([0x28, 0xB5, 0x2F, 0xFD, 9], .compressed(with: "zstdcat")),
        (Array("BZh91AY&SY".utf8), .compressed(with: "bzcat")),
        ([0xFD] + Array("7zXZ".utf8) + [0], .compressed(with: "xzcat")),
        (Array("hello\n".utf8) + [UInt8](repeating: 0, count: 4_096) + Array("bye\n".utf8), .log(program: nil)),
        (Array("h\0e\0l\0l\0o\0\n\0".utf8), .binary),
        (Array("hello\n".utf8), .log(program: nil)), ([0, 0, 0] + Array("hello\n".utf8), .log(program: nil)),
        (Array("\u{FEFF}2026-01-31T17:02:11Z shutting down\n".utf8), .log(program: nil)),
        (Array(#"{"drainboard":1,"started":"","clock":0,"title":"x","command":""}"#.utf8), .trace),
        (Array(#"torn"}\#n{"seq":1,"t":0,"src":"server","ev":"run.began"}\#n"#.utf8), .trace),
        (Array(#"{"level":"info","msg":"x"}"#.utf8), .log(program: nil)),
    ]

    @Test(arguments: files) func `is told apart`(bytes: [UInt8], what: Recognition) {
        #expect(LogImporter.recognise(bytes) == what)
    }

    @Test func `is named in a sentence where it cannot be read`() {
        #expect(Recognition.compressed(with: "zcat").complaint?.contains("zcat") == true)
        #expect(Recognition.log(program: nil).complaint == nil)
    }

    static let lines: [(String, String)] = [
        ("\u{FEFF}2026-01-31T17:02:11Z a", "a"), ("2026-01-31T17:02:11Z a\r", "a"),
        ("\u{1B}[36mINFO\u{1B}[0m[2026-01-31T17:02:11Z] a", "INFO[2026-01-31T17:02:11Z] a"),
        ("2026-01-31T17:02:11Z \u{1B}]0;title\u{7}a\u{1B}[2J\u{1B}[?25l", "a"),
        ("2026-01-31T17:02:11Z a\u{0}b\u{8}", "ab"),
        ("2026-01-31T17:02:11Z a\tb", "a b"), ("2026-01-31T17:02:11Z \u{9B}31ma", "31ma"),
        (#"{"msg":"a\u001b[31mb\u0000","time":"2026-01-31T17:02:11Z"}"#, "ab"),
    ]

    @Test(arguments: lines) func `is kept as text that cannot harm a screen`(line: String, text: String) {
        let imported = Imported(line + "\n")
        #expect(imported.texts == [text])
    }

    @Test func `such as invalid UTF-8 is replaced`() {
        let imported = Imported(Array("2026-01-31T17:02:11Z a".utf8) + [0xC3, 0x28, 0xFF, 0x0A])
        #expect(imported.texts == ["a\u{FFFD}(\u{FFFD}"])
        #expect(imported.problems == ["1: not UTF-8: what is no character is shown as \u{FFFD}"])
    }

    @Test func `such as a hole of zeros is told with its line, and the rest is read`() {
        let hole = [UInt8](repeating: 0, count: 4_096)
        let imported = Imported(Array("2026-01-31T17:02:11Z a\n".utf8) + hole + Array("2026-01-31T17:02:12Z é\n".utf8))
        #expect(imported.texts == ["a", "é"])
        #expect(imported.problems == ["2: 4096 zero bytes in the line are left out"])
        #expect(Imported("a\n\0\0\nb\n").problems.last == "2: 2 zero bytes in the line are left out")
    }

    @Test func `such as many broken lines is named twenty times`() {
        let imported = Imported((0..<100).flatMap { Array("2026-01-31T17:02:11Z \($0)".utf8) + [0xFF, 0x0A] })
        #expect(imported.problems.count == 21)
        #expect(imported.problems.last?.hasPrefix("21: and more lines like that") == true)
        #expect(imported.events.count == 100)
    }

    @Test func `comes after the header, wherever it stands`() {
        let imported = Imported([UInt8](repeating: 0x78, count: 1_100_000) + Array("\n2026-01-31T17:02:11Z a\n".utf8))
        guard case .header? = imported.items.first else {
            Issue.record("the header is not the first item")
            return
        }
        #expect(imported.problems.count == 1)
    }

    @Test func `such as a line of 100 MB costs no memory, and the rest is read`() {
        var importer = LogImporter()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        var items = importer.read(Array("2026-01-31T17:02:11Z shutting down\n".utf8))
        for _ in 0..<100 { items += importer.read(piece) }
        items += importer.read(Array("\n2026-01-31T17:02:12Z bye".utf8)) + importer.end()
        #expect(items.contains(.problem(line: 2, "longer than 1048576 bytes, skipped")))
        #expect(items.count == 4)
    }

    @Test func `such as a long line is cut for the screen`() {
        let imported = Imported("2026-01-31T17:02:11Z " + String(repeating: "y", count: 900_000))
        #expect(imported.texts.first?.count == 1_001)
    }

    @Test func `such as nothing at all is a header and an end`() {
        let imported = Imported("")
        #expect(imported.items.count == 1)
        #expect(imported.board.verdict.word == .inconclusive)
    }

    @Test func `such as a second start in the same log changes nothing of the first`() {
        let one = "2026/01/31 17:02:11 [notice] 1#1: signal 15 (SIGTERM) received from 7, exiting\n"
        let end =
            "2026/01/31 17:02:12 [notice] 1#1: worker process 2 exited with code 0\n2026/01/31 17:02:12 [notice] 1#1: exit\n"
        let imported = Imported(one + one + end + "2026/01/31 17:02:12 [notice] 1#1: start worker processes\n" + one)
        #expect(imported.problems == ["5: the program starts again: only its first shutdown is told; cut the log here"])
        #expect(imported.story.count { $0 == "shutdown.began" } == 1)
        #expect(imported.board.anomalies.total == 0)
    }
}
