import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A busy machine` {
    /// A server that leaves so long after its last answer, and had no processor for so much of that.
    private func leaving(after span: Double, waits: Double, before: Double = 0) -> Verdict {
        let asked = Run.serving(traced: false).signal(.terminate, by: "check")
            .saw(.processorAwaited, .kernel, [.took: .double(before)])
        return asked.after(0.5).answers(1...3).after(span)
            .saw(.processorAwaited, .kernel, [.took: .double(before + waits)]).exits(0).ends().verdict
    }

    @Test func `is not held against a server that is late for want of a processor`() {
        #expect(leaving(after: 1.4, waits: 0.6).word == .graceful)
        #expect(
            leaving(after: 1.4, waits: 0.6)[.leftPromptly]?.evidence.hasSuffix("for 0.6 s of it no processor was free")
                == true)
    }

    @Test func `does not excuse a server that had its processor`() {
        #expect(leaving(after: 1.4, waits: 0.2).word == .slow)
        #expect(leaving(after: 1.4, waits: 0).word == .slow)
        // It waited before its last answer, not after it.
        #expect(leaving(after: 1.4, waits: 0, before: 0.6).word == .slow)
    }

    @Test func `is said where it is a tenth of the time or more`() {
        #expect(leaving(after: 0.6, waits: 0.4).evidence.contains { $0.label == "a busy machine" })
        #expect(!leaving(after: 0.6, waits: 0.2).evidence.contains { $0.label == "a busy machine" })
        #expect(!leaving(after: 6, waits: 0.4).evidence.contains { $0.label == "a busy machine" })
    }
}
