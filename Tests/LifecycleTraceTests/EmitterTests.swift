import LifecycleTrace
import ShutdownTrace
import Testing

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A trace that is read too late` {
    @Test func `has dropped events past its buffer, counted them and shows the gap`() throws {
        let pipe = try TestPipe()
        let emitter = Emitter(to: pipe.writing, capacity: 100)
        let text = String(repeating: "x", count: 1000)
        let count = 5000
        for _ in 0..<count { emitter.emit(.trace(.faultReported(text))) }
        var reader = TraceReader()
        var events: [Event] = []
        var confessions: [Event] { events.filter { $0.kind == .traceDropped } }
        var dropped: Int { confessions.compactMap { $0.fields.int("count") }.reduce(0, +) }
        // The writer waits for room in the pipe, and owns up to all that is missing when it got it.
        while dropped + events.count - confessions.count < count {
            let bytes = pipe.readSome()
            try #require(!bytes.isEmpty)
            for case .event(let event) in reader.read(bytes) { events.append(event) }
        }
        emitter.close()

        #expect(dropped > 0)
        #expect(dropped + events.count - confessions.count == count)
        #expect(events.last?.sequence == count + confessions.count)
        #expect(events.map(\.sequence) == events.map(\.sequence).sorted())
    }

    @Test func `has nothing after its end`() throws {
        let pipe = try TestPipe()
        let emitter = Emitter(to: pipe.writing)
        emitter.emit(.run(.began))
        emitter.close()
        emitter.emit(.run(.ended))
        emitter.close()

        #expect(Told(pipe.readAll()).plot == ["began"])
    }
}
