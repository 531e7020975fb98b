import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `Praise` {
    /// A server without a balancer that drained well, and what became of two newcomers.
    private func alone(_ fate: Fate?) -> Run {
        let asked = Run(traced: false).starts().requests(1...3).signal(.terminate).after(0.2)
        let late = fate.map { asked.requests(8...9).answers(8...9, $0) } ?? asked
        var run = late.answers(1...3).exits(0).saw(.portProbed, .supervisor, [.port: 8080, .answer: "refused"]).ends()
        run.drop { $0.source == .balancer }
        return run
    }

    @Test func `names newcomers that were refused, and how to see whether a balancer would have spared them`() {
        let verdict = alone(.refused).verdict
        #expect(verdict.word == .graceful)
        #expect(verdict.headline.hasSuffix("; but 2 of 2 newcomers were refused"))
        #expect(verdict.meaning.contains("2 of 2 newcomers were refused: with --ready you see"))
        #expect(!verdict.meaning.contains("nobody noticed"))
    }

    @Test(arguments: [Fate.unavailable, .resetEarly, nil])
    func `is none where somebody was turned away, or nobody came`(fate: Fate?) {
        #expect(!alone(fate).verdict.meaning.contains("nobody noticed"))
    }

    @Test func `is there where everybody was served`() {
        #expect(alone(.answered).verdict.meaning.contains("nobody noticed"))
        #expect(Run.polite.verdict.meaning.contains("nobody noticed"))
    }

    @Test func `is none where the server itself says otherwise`() {
        let said = Run(traced: false).starts().requests(1...3).signal(.terminate).after(0.2).requests(8...9)
            .saw(.outputPrinted, .supervisor, [.stream: "err", .text: "12 jobs lost"])
            .answers(8...9).answers(1...3).exits(0).ends().verdict
        #expect(said.word == .graceful)
        #expect(said.evidence.contains { $0.label == "it says itself" && $0.text == "12 jobs lost" && $0.isLoss })
        #expect(!said.meaning.contains("nobody noticed"))
    }

    @Test func `is said of what was printed by the server that printed it`() {
        let run = Run.serving(traced: false).saw(.outputPrinted, .supervisor, [.stream: "out", .text: "bye"])
        #expect(run.board.feed.lines.last?.source == .server)
    }
}
