import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A comparison of two runs` {
    private static let killed = Run.serving().signal(.terminate).drains().answers(1...1).signal(.kill)
        .answers(2...3, .cut).dies(.kill).ends()

    private func section(_ title: String, _ left: Run, _ right: Run) throws -> [Comparison.Row] {
        let comparison = try #require(Comparison(left.board, right.board))
        return comparison.sections.first { $0.title == title }?.rows ?? []
    }

    @Test func `finds no difference between a run and itself`() throws {
        let comparison = try #require(Comparison(Run.polite.board, Run.polite.board))
        let differing = comparison.sections.flatMap(\.rows).filter(\.differs)
        #expect(differing.isEmpty)
        #expect(!comparison.sections.contains { $0.title == "rules that differ" })
    }

    @Test func `starts both clocks at the signal`() throws {
        let late = Run().after(5).starts().requests(1...3).signal(.terminate).drains().answers(1...3).releases()
            .exits(0).ends()
        let rows = try section("seconds since the signal", .polite, late)
        #expect(rows.map(\.label).contains("exit"))
        #expect(rows.allSatisfy { !$0.differs })
    }

    @Test func `shows the fates of both`() throws {
        let rows = try section("requests in flight at the signal", .polite, Self.killed)
        #expect(rows.map { [$0.label, $0.left, $0.right] } == [["answered", "3", "1"], ["cut", "0", "2"]])
    }

    @Test func `leaves open what one of them never reached`() throws {
        let rows = try section("seconds since the signal", .polite, Self.killed)
        #expect(rows.first { $0.label == "log released" }?.right == Comparison.nothing)
        #expect(rows.first { $0.label == "log released" }?.left != Comparison.nothing)
        #expect(rows.last?.label == "exit")
    }

    @Test func `lists just the rules that differ`() throws {
        let names = try section("rules that differ", .polite, Self.killed).map(\.label)
        #expect(names.contains(RuleName.inFlightAnswered.sentence))
        #expect(!names.contains(RuleName.portFree.sentence))
    }

    @Test func `needs a shutdown in both`() {
        #expect(Comparison(Run.polite.board, Run.serving().board) == nil)
        #expect(Comparison(Run().board, Run.polite.board) == nil)
    }
}
