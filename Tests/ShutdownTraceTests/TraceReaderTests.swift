import CustomDump
import ShutdownTrace
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A trace reader` {
    static let trace: [UInt8] = {
        var random = Seeded(11)
        var bytes = LineWriter.line(Header(started: "now", clock: .seconds(1), title: "t", command: "c"))
        for number in 0..<60 {
            bytes += LineWriter.line(random.event())
            if number % 9 == 0 { bytes += Array("broken \(number)\n".utf8) }
            if number % 13 == 0 { bytes += Array(" \r\n\n".utf8) }
        }
        return bytes + Array(#"{"seq":1,"t":0.5,"src":"cl"#.utf8)
    }()

    static func read(_ bytes: [UInt8], pieces size: Int) -> [TraceReader.Item] {
        var reader = TraceReader()
        var items: [TraceReader.Item] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            items += reader.read(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        return items + reader.end()
    }

    @Test(arguments: [1, 2, 3, 7, 64, 999, 4096])
    func `finds the same in pieces of any size`(size: Int) {
        expectNoDifference(Self.read(Self.trace, pieces: size), Self.read(Self.trace, pieces: .max / 2))
    }

    @Test func `numbers broken lines and reads on`() {
        let items = Self.read(Array("\n{}\n\(line(""))\nnonsense\n".utf8), pieces: 10)
        #expect(items.count == 3)
        #expect(items.first == .problem(line: 2, "not an event: it has no \"ev\""))
        #expect(items.last == .problem(line: 4, "not a JSON object"))
    }

    @Test func `reports a last line that was torn anywhere`() {
        let whole = Array(line(",\"id\":817,\"flag\":true,\"a\":[1.5],\"b\":\"x\\u0041\"").utf8)
        for length in 1..<whole.count {
            let torn = "torn: the writer ended in the middle of it (\(length) bytes)"
            #expect(Self.read(Array(whole[..<length]), pieces: 5) == [.problem(line: 1, torn)])
        }
    }

    @Test func `takes a last line that is whole but for its newline`() {
        #expect(Self.read(Array(line("").utf8), pieces: 9).count == 1)
        #expect(Self.read(Array("\(line(""))\n \r".utf8), pieces: 9).count == 1, "only spaces are no torn line")
    }

    @Test func `says of a last line that is whole and wrong what is wrong with it`() {
        #expect(Self.read(Array("{\"drainboard\":9}".utf8), pieces: 99).description.contains("newer Drainboard"))
    }

    @Test(arguments: [4096, 1 << 19, 1 << 22])
    func `skips a line that is too long, and only that`(size: Int) {
        let limit = TraceReader.longestLine
        let longest = line(
            ",\"text\":\"" + String(repeating: "x", count: limit - line(",\"text\":\"\"").utf8.count) + "\"")
        #expect(longest.utf8.count == limit)
        let bytes = Array("\(longest)\n\(longest) \n\(line(""))\n\(longest) ".utf8)
        let items = Self.read(bytes, pieces: size)
        #expect(items.count == 4)
        #expect(items.dropFirst().first == .problem(line: 2, "longer than \(limit) bytes, skipped"))
        #expect(items.last == .problem(line: 4, "longer than \(limit) bytes, skipped"))
    }

    /// A generator of noise must not make the reader keep it; what it keeps is private, so its size is read by mirror.
    @Test(arguments: [1000, 3 << 20])
    func `keeps no more than one line of what never ends`(size: Int) {
        var reader = TraceReader()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        for _ in 0..<(4 << 20) / size { _ = reader.read(piece) }
        let kept = Mirror(reflecting: reader).children.flatMap { Mirror(reflecting: $0.value).children }
            .compactMap { $0.value as? [UInt8] }
        #expect(kept.count == 1)
        #expect(kept.allSatisfy { $0.capacity <= TraceReader.longestLine })
        #expect(reader.end() == [.problem(line: 1, "longer than \(TraceReader.longestLine) bytes, skipped")])
        #expect(reader.end() == [])
    }
}

@Suite(.timeLimit(.minutes(20))) struct `Twenty thousand broken lines` {
    /// The mutator flips, cuts, doubles and splices; it prints what it ran, so that nobody has to believe it.
    @Test func `are read without a trap, and what is read can be written and read again`() {
        var random = Seeded(20_000)
        var read = 0
        let count = Effort.count(20_000)
        for _ in 0..<count {
            var bytes = Array(LineWriter.line(random.event()).dropLast())
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.break(&bytes, &random) }
            let items = `A trace reader`.read(bytes, pieces: 37)
            for case .event(let event) in items {
                read += 1
                let again = parsed(text(event))?.event
                #expect(again == event)
            }
        }
        print("fuzz: \(count) mutated lines, \(read) still events")
        #expect(read > count / 40)
    }

    static func `break`(_ bytes: inout [UInt8], _ random: inout Seeded) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: bytes.indices, using: &random)
        let tokens = ["\"", "\\", "{", "}", "[", "]", ":", ",", "e", "-", "\\u", "\\ud800", "1e308", "\u{0}", "null"]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeSubrange(index...)
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(contentsOf: random.pick(tokens).utf8, at: index)
        case 4: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
        default: bytes[index] = .random(in: 0...255, using: &random)
        }
    }
}
