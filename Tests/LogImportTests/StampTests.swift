import ShutdownTrace
import Testing

@testable import LogImport

@Suite(.timeLimit(.minutes(20))) struct `A timestamp` {
    static let walls: [(String, String)] = [
        ("2026-01-31T17:02:11.250Z shop", "2026-01-31T17:02:11.250000Z"),
        ("2026-01-31T17:02:11Z shop", "2026-01-31T17:02:11.000000Z"),
        ("2026-01-31T17:02:11.123456789+02:00 shop", "2026-01-31T15:02:11.123456Z"),
        ("2026-01-31T17:02:11-0330 shop", "2026-01-31T20:32:11.000000Z"),
        ("2026/01/31 17:02:11 Shutdown", "2026-01-31T17:02:11.000000Z"),
        ("2026/01/31 17:02:11.672666 Shutdown", "2026-01-31T17:02:11.672666Z"),
        ("2026/01/31 17:02:11 [notice] 1#1: exit", "2026-01-31T17:02:11.000000Z"),
        ("[31/Jan/2026:17:02:11 +0100] \"GET /\"", "2026-01-31T16:02:11.000000Z"),
        ("127.0.0.1 - - [31/Jan/2026:17:02:11 +0000] \"GET /\"", "2026-01-31T17:02:11.000000Z"),
        ("127.0.0.1:38088 [31/Jan/2026:17:02:11.738] web", "2026-01-31T17:02:11.738000Z"),
        ("2026-01-31 17:02:11.934 UTC [7] LOG:  x", "2026-01-31T17:02:11.934000Z"),
        ("2026-01-31 17:02:11.934 CET [7] LOG:  x", "2026-01-31T17:02:11.934000Z"),
        ("2026-01-31 17:02:11.934+01 [7] LOG:  x", "2026-01-31T16:02:11.934000Z"),
        ("2026-01-31 17:02:11,250 INFO shop", "2026-01-31T17:02:11.250000Z"),
        ("[2026-01-31 17:02:11 +0000] [1] [INFO] x", "2026-01-31T17:02:11.000000Z"),
        ("Sat Jan 31 17:02:11 2026 x", "2026-01-31T17:02:11.000000Z"),
        ("[Sat Jan 31 17:02:11.123456 2026] [mpm] x", "2026-01-31T17:02:11.123456Z"),
        ("Sat, 31 Jan 2026 17:02:11 GMT x", "2026-01-31T17:02:11.000000Z"),
        ("Jan 31 17:02:11 host shop[1]: x", "2026-01-31T17:02:11.000000Z"),
        ("Jan  1 17:02:11.250001 host shop[1]: x", "2026-01-01T17:02:11.250001Z"),
        ("Dec 31 23:59:59 host shop[1]: x", "2025-12-31T23:59:59.000000Z"),
        ("I0131 17:02:11.250000       1 file.go:1] x", "2026-01-31T17:02:11.250000Z"),
        ("time=2026-01-31T17:02:11Z level=info msg=x", "2026-01-31T17:02:11.000000Z"),
        ("time=\"2026-01-31T17:02:11Z\" level=info msg=x", "2026-01-31T17:02:11.000000Z"),
        ("web-1  | 2026-01-31T17:02:11Z x", "2026-01-31T17:02:11.000000Z"),
        ("1769878931 x", "2026-01-31T17:02:11.000000Z"), ("1769878931.25 x", "2026-01-31T17:02:11.250000Z"),
        ("1769878931250 x", "2026-01-31T17:02:11.250000Z"),
        (#"{"ts":1769878931.25,"msg":"x"}"#, "2026-01-31T17:02:11.250000Z"),
        (#"{"time":1769878931250,"msg":"x"}"#, "2026-01-31T17:02:11.250000Z"),
        (#"{"t":1769878931250000,"msg":"x"}"#, "2026-01-31T17:02:11.250000Z"),
        (#"{"timeNano":1769878931250000000,"msg":"x"}"#, "2026-01-31T17:02:11.250000Z"),
        (#"{"@timestamp":"2026-01-31T17:02:11.250Z","message":"x"}"#, "2026-01-31T17:02:11.250000Z"),
        (#"{"asctime":"2026-01-31 17:02:11,250","message":"x"}"#, "2026-01-31T17:02:11.250000Z"),
        (#"{"__REALTIME_TIMESTAMP":"1769878931250000","MESSAGE":"x"}"#, "2026-01-31T17:02:11.250000Z"),
    ]

    /// A day after the stamps.
    static let latest: Int64 = 1_769_960_000

    @Test(arguments: walls) func `is the wall clock of the run's start`(line: String, started: String) {
        #expect(Imported(line, latest: Self.latest).header?.started == started)
    }

    static let none = [
        "no time at all", "17:02 shop", "2026-13-31T17:02:11Z", "2026-01-31T25:02:11Z", "port 8080", "99:99:99 x",
        "Foo 31 17:02:11 x", "1234567 x", "{\"time\":\"soon\",\"msg\":\"x\"}", "{\"time\":1,\"msg\":\"x\"}", "[ 1.5] x",
        "a line that has a time much too far behind its beginning to be when: 2026-01-31T17:02:11Z",
    ]

    @Test(arguments: none) func `is not seen where there is none`(line: String) {
        let imported = Imported(line)
        #expect(imported.header?.started == "")
        #expect(imported.header?.fields.bool("untimed") == true)
    }

    /// Pairs of lines, and the seconds between them.
    static let pairs: [(String, String, Double)] = [
        ("17:02:11.5 a", "17:02:12 b", 0.5), ("23:59:59.5 a", "00:00:00.5 b", 1),
        ("[ 12.250000] a", "[ 13.500000] b", 1.25),
        ("Dec 31 23:59:59 h a", "Jan  1 00:00:01 h b", 2), ("Jan 31 17:02:11 h a", "Jan 31 17:02:13 h b", 2),
        ("2026-01-31T17:02:11Z a", "\tat frame", 0), ("2026-01-31T17:02:11.2Z a", "2026-01-31T17:02:11.1Z b", 0),
        ("2026-10-25 02:59:59 a", "2026-10-25 02:00:01 b", 2), ("2026-01-31T17:02:11Z a", "2026-01-31 18:02:12 b", 1),
        ("a", "b", 0.001), ("2026-01-31T17:02:11Z a", "2026-01-30T17:02:11Z b", 0),
        (
            #"{"__MONOTONIC_TIMESTAMP":"1000000","MESSAGE":"a"}"#,
            #"{"__MONOTONIC_TIMESTAMP":"3500000","MESSAGE":"b"}"#, 2.5
        ),
        ("2026-02-28 23:59:59 a", "2026-03-01 00:00:01 b", 2),
        ("2028-02-28 23:59:59 a", "2028-03-01 00:00:01 b", 86_402),
    ]

    @Test(arguments: pairs) func `tells how much time passed`(first: String, second: String, seconds: Double) {
        let imported = Imported("\(first)\n\(second)\n", latest: Self.latest)
        #expect(abs((imported.seconds.last ?? -1) - seconds) < 0.000_001)
    }

    @Test func `that runs backwards is reported with its line, and time goes on`() {
        let imported = Imported("2026-01-31T17:02:11Z a\n2026-01-30T17:02:11Z b\n2026-01-30T17:02:13Z c\n")
        #expect(imported.problems == ["2: time runs backwards by 86400 s; time goes on here"])
        #expect(imported.seconds == [0, 0, 2])
    }

    @Test func `that is missing everywhere is said once`() {
        #expect(Imported("a\nb\nc\n").problems == ["1: no time on any line so far: lines are 1 ms apart here"])
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000Z"), (951_827_696_789_012, "2000-02-29T12:34:56.789012Z"),
        (-1, "1969-12-31T23:59:59.999999Z"), (1_795_374_000_000_000, "2026-11-22T19:00:00.000000Z"),
    ])
    func `goes to the calendar and back`(microseconds: Int64, text: String) {
        let civil = CivilTime(sinceEpoch: microseconds)
        #expect(civil.rfc3339(decimals: 6) == text)
        #expect(civil.sinceEpoch == microseconds)
    }
}
