import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The parser` {
    @Test(arguments: [
        ("", "ends in the middle"),
        ("hello", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ("{", "ends in the middle"),
        (#"{"a"}"#, "expected a colon at byte 5"),
        (#"{"a":1 "b":2}"#, "expected a comma or } at byte 8"),
        (#"{"a":1,}"#, "expected a quote at byte 8"),
        (#"{"a":nan}"#, "expected a value at byte 6"),
        (#"{"a":--1}"#, "not a value, at byte 6"),
        (#"{"a":1e999}"#, "not a value, at byte 6"),
        (#"{"a":"\x"}"#, "unknown escape in a string"),
        (#"{"a":"\u12g4"}"#, "broken \\u escape"),
        (#"{"a":"\u+123"}"#, "broken \\u escape"),
        (#"{"a":"\u-000"}"#, "broken \\u escape"),
        (#"{"a":"\u12"#, "broken \\u escape"),
        (#"{"a":"b"#, "ends in the middle"),
        (#"{"a":[1,2"#, "ends in the middle"),
        (#"{"a":[1,2}}"#, "brackets do not match, at byte 10"),
        (#"{"a":1} x"#, "text after the object, at byte 9"),
        (#"{"seq":1,"t":1,"src":"client"}"#, "not an event: it has no \"ev\""),
        (#"{"seq":1,"src":"client","ev":"run.began"}"#, "run.began has no time \"t\" in seconds"),
        (#"{"seq":1,"t":"1","src":"client","ev":"run.began"}"#, "run.began has no time \"t\" in seconds"),
        (#"{"seq":1,"t":1,"src":"moon","ev":"run.began"}"#, "run.began has no known \"src\""),
        (#"{"drainboard":0}"#, "\"drainboard\" is 0, not a format version"),
        (#"{"drainboard":2}"#, "written by a newer Drainboard (format 2, this one reads up to 1)"),
    ])
    func `says what is wrong in words`(text: String, sentence: String) {
        #expect(problem(text) == sentence || (text.isEmpty && problem(text) == "not a JSON object"))
    }

    @Test(arguments: [
        (#"\n\t\r\b\f\"\\\/"#, "\n\t\r\u{8}\u{C}\"\\/"),
        (#"\u0041\u00e9"#, "Aé"), (#"\u0000"#, "\0"),
        (#"\ud83d\ude00"#, "😀"),
        (#"\ud83d"#, "\u{FFFD}"), (#"\ude00"#, "\u{FFFD}"), (#"\ud83dx"#, "\u{FFFD}x"),
        (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ud83d\n"#, "\u{FFFD}\n"),
    ])
    func `reads escapes, and repairs half a surrogate pair`(escaped: String, plain: String) {
        #expect(parsed(line(",\"text\":\"\(escaped)\""))?.event?.fields.string(.text) == plain)
    }

    @Test(arguments: [
        ("0", Fields.Value.int(0)), ("-0", .int(0)), ("9223372036854775807", .int(.max)),
        ("-9223372036854775808", .int(.min)), ("9223372036854775808", .double(9.223372036854775808e18)),
        ("1.0", .double(1)), ("1e2", .double(100)), ("2.5E-3", .double(0.0025)), ("0.1", .double(0.1)),
        ("123456.789012", .double(123456.789012)), ("0.000000000000000000001", .double(1e-21)),
        ("12345678901234567890.5", .double(12345678901234567890.5)),
        ("999999999999999", .int(999_999_999_999_999)), ("-9999999999999999", .int(-9_999_999_999_999_999)),
        ("-0.5", .double(-0.5)), ("0.12345678901234", .double(0.12345678901234)),
        ("0.1234567890123456789", .double(0.1234567890123456789)), ("007", .int(7)), ("1.5e3", .double(1_500)),
    ])
    func `reads numbers of every size`(text: String, value: Fields.Value) {
        #expect(parsed(line(",\"id\":\(text)"))?.event?.fields[.id] == value)
    }

    @Test(arguments: [
        ("1", 1_000_000), ("1.5", 1_500_000), ("-0.000001", -1), ("236.786657", 236_786_657),
        ("0.0000015", 2), ("999999999999999", Int64(9e18)), ("1e-3", 1_000), ("12345678.1234567", 12_345_678_123_457),
    ])
    func `reads a time to the microsecond`(text: String, microseconds: Int64) throws {
        let line = #"{"seq":1,"t":\#(text),"src":"client","ev":"run.began"}"#
        #expect(try LineParser.parse(line).event?.time == Time(microseconds: microseconds))
    }

    @Test(arguments: ["1.", ".5", "-", "1.2.3", "--1", "+1", "1e", "-.5", "1..2"])
    func `takes nothing for a number that is none`(text: String) {
        #expect(problem(line(",\"id\":\(text)")) != nil)
    }

    @Test func `takes spaces and a carriage return`() {
        let spaced = " { \"seq\" : 1 , \"t\" : 1 ,\t\"src\" : \"client\" , \"ev\" : \"run.began\" } \r"
        #expect(parsed(spaced)?.event?.kind == .runBegan)
    }

    @Test func `repairs bytes that are no UTF-8`() throws {
        var bytes = Array(#"{"seq":1,"t":1,"src":"client","ev":"log.line","text":"a"#.utf8)
        bytes += [0xFF, 0xC3, 0x28, 0x00] + Array("b\"}".utf8)
        let event = try bytes.withUnsafeBytes { try LineParser.parse($0) }.event
        #expect(event?.fields.string(.text) == "a\u{FFFD}\u{FFFD}(\0b")
    }

    @Test func `takes the first of two times, and keeps the second as a field`() {
        let event = parsed(line(",\"t\":9"))?.event
        #expect(event?.time == .milliseconds(500))
        #expect(event?.fields.int("t") == 9)
    }

    @Test func `survives a megabyte of open brackets`() {
        #expect(problem(line(",\"a\":" + String(repeating: "[", count: 1 << 20))) != nil)
    }

    @Test func `reads the lists of numbers that the kernel gives`() {
        #expect(parsed(line(",\"caught\":[15, 2,\t1]"))?.event?.fields.ints(.caught) == [15, 2, 1])
        #expect(parsed(line(",\"caught\":[]"))?.event?.fields.ints(.caught) == [])
        #expect(parsed(line(",\"caught\":\"15\""))?.event?.fields.ints(.caught) == nil)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The fields of an event` {
    @Test func `are read in the type that is asked for, or not at all`() {
        let fields: Fields = ["whole": 3, "half": 2.5, "text": "x", "flag": true, "huge": 1e300, "none": .null]
        #expect(fields.int("whole") == 3)
        #expect(fields.int("half") == 2)
        #expect(fields.int("huge") == nil)
        #expect(fields.int("text") == nil)
        #expect(fields.double("whole") == 3)
        #expect(fields.time("half") == .milliseconds(2_500))
        #expect(fields.string("whole") == nil)
        #expect(fields.bool("flag") == true)
        #expect(fields["none"] == .null)
        #expect(fields["absent"] == nil)
    }

    @Test func `can be set, changed and removed in their order`() {
        var fields: Fields = ["a": 1, "b": 2]
        fields["c"] = 3
        fields["a"] = 9
        fields["b"] = nil
        fields["d"] = nil
        #expect(fields.entries == [.init("a", 9), .init("c", 3)])
    }

    @Test(arguments: ["id", "acknowledged", "kindred", "i", "", "a key of more than twenty-four bytes"])
    func `gives a key that equals its literal`(name: String) throws {
        let line = #"{"seq":1,"t":0,"src":"client","ev":"run.began","\#(name)":1}"#
        var keys: [Fields.Key] = []
        if case .event(let event) = try LineParser.parse(line) { keys = event.fields.entries.map(\.key) }
        #expect(keys == [Fields.Key(rawValue: name)])
        #expect(keys.map(\.rawValue) == [name])
        #expect(Set(keys).contains(Fields.Key(rawValue: name)))
    }
}
