import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A batch of lines` {
    private static let header = #"{"drainboard":1,"started":"","clock":1.0,"title":"t","command":"c","grace":9}"#

    /// Good lines with broken ones between them, which end after some of their fields were read.
    static let lines = [
        #"{"seq":1,"t":1.0,"src":"client","ev":"request.started","id":7,"method":"GET","colour":"blue"}"#,
        #"{"seq":2,"t":1.5,"src":"client","ev":"request.started","id":8,"method":"PO"#, header,
        #"{"id":9,"method":"GET"}"#, #"{"seq":3,"t":2.0,"src":"server","ev":"drain.ended"}"#,
        #"{"id":10,"status":200,"ev":"request.finished","src":"client","t":3,"seq":4,"fate":"cut"}"#,
    ]

    @Test func `gives the events that its lines give one by one, each with its own fields`() {
        var batch = LineBatch()
        var problems: [String] = []
        var headers = 0
        for line in Self.lines {
            Array(line.utf8).withUnsafeBytes { bytes in
                do throws(LineParser.Problem) {
                    if try batch.read(bytes) != nil { headers += 1 }
                } catch { problems.append(error.description) }
            }
        }
        #expect(headers == 1)
        #expect(problems == ["ends in the middle", "not an event: it has no \"ev\""])
        #expect(batch.count == 3)
        let alone = Self.lines.compactMap { line in (try? LineParser.parse(line))?.event }
        #expect(alone.count == 3)
        #expect(batch.take() == alone)
        #expect(batch.count == 0)
    }

    @Test func `lends its fields to events that are changed on their own`() throws {
        var batch = LineBatch()
        for line in [Self.lines[0], Self.lines[5]] {
            try Array(line.utf8).withUnsafeBytes { bytes in _ = try batch.read(bytes) }
        }
        var events = batch.take()
        events[0].fields[.id] = 1
        events[0].fields["method"] = nil
        #expect(events[0].fields.entries.map(\.key) == [.id, "colour"])
        #expect(events[1].fields.int(.id) == 10)
        #expect(events[1].fields.entries.count == 3)
    }
}
