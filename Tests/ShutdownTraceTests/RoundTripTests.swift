import CustomDump
import ShutdownTrace
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A line` {
    @Test(arguments: Effort.some(of: 0..<64 as Range<UInt64>))
    func `gives back the event that it was written from`(seed: UInt64) throws {
        var random = Seeded(seed)
        for _ in 0..<200 {
            let event = random.event()
            let line = LineWriter.line(event)
            #expect(line.last == UInt8(ascii: "\n"))
            #expect(line.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a control character in \(event)")
            let read = try LineParser.parse(String(decoding: line.dropLast(), as: UTF8.self)).event
            expectNoDifference(read, event)
        }
    }

    @Test func `keeps names and fields from a newer writer`() throws {
        let newer = #"{"seq":7,"t":1.000000,"src":"server","ev":"fan.spun","id":3,"rpm":[1,{"a":null}],"why":"hot"}"#
        let event = try #require(parsed(newer)?.event)
        #expect(event.kind == .unknown)
        #expect(event.name == "fan.spun")
        #expect(text(event) == newer + "\n")
    }

    @Test func `spells an event as the format says`() {
        let event = Event(
            .requestFinished, from: .client, at: .milliseconds(3_800), sequence: 41,
            [.id: 817, .fate: "answered", .took: .time(.milliseconds(5_010)), .closing: true, .cause: .null])
        #expect(
            text(event)
                == #"{"seq":41,"t":3.800000,"src":"client","ev":"request.finished","id":817,"fate":"answered","#
                + #""took":5.01,"closing":true,"cause":null}"# + "\n")
    }

    @Test(arguments: [(0, "0.000000"), (1, "0.000001"), (-1, "-0.000001"), (-1_500_000, "-1.500000")])
    func `writes time with six decimals`(microseconds: Int64, spelled: String) {
        let event = Event(.runBegan, from: .supervisor, at: Time(microseconds: microseconds))
        #expect(text(event).contains("\"t\":\(spelled),"))
    }

    @Test(arguments: [Int64.max, .min, .max - 1, .min + 1, 9_007_199_254_740_993])
    func `keeps every microsecond of an odd time`(microseconds: Int64) {
        let event = Event(.runBegan, from: .supervisor, at: Time(microseconds: microseconds))
        #expect(parsed(text(event))?.event?.time == event.time)
    }

    @Test func `is one line even when a nested value brings a newline`() {
        let event = Event(.faultReported, from: .supervisor, at: .zero, ["list": .raw("[1,\n2]")])
        #expect(text(event).filter { $0 == "\n" }.count == 1)
    }

    @Test func `turns a number that JSON cannot say into null`() {
        let event = Event(.faultReported, from: .supervisor, at: .zero, ["a": .double(.nan), "b": .double(.infinity)])
        #expect(parsed(text(event))?.event?.fields.entries.map(\.value) == [.null, .null])
    }

    @Test func `keeps the fields of a header that are named as those of an event`() throws {
        let line = #"{"drainboard":1,"seq":7,"t":9.5,"src":"client","t":2.25}"#
        let header = try #require(parsed(line)?.header)
        #expect(header.fields.entries.map(\.key) == ["seq", "t", "src", "t"])
        expectNoDifference(parsed(String(decoding: LineWriter.line(header), as: UTF8.self))?.header, header)
    }

    @Test func `gives back the header that it was written from`() {
        let header = Header(
            started: "2026-01-31T17:02:11.250Z", clock: .seconds(81240.118209), title: "a \"title\"\n",
            command: "sh -c 'x'", pid: 41213,
            fields: Fields(Budgets(drain: .seconds(30)).fields.entries + [.init(.grace, 45), .init("colour", "blue")]))
        let line = String(decoding: LineWriter.line(header), as: UTF8.self)
        expectNoDifference(parsed(line)?.header, header)
        #expect(header.drain == .seconds(30))
        #expect(header.grace == .seconds(45))
    }
}
