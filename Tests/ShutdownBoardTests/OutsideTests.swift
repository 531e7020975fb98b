import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The verdict on a server that tells nothing of itself` {
    private let outside = Run.serving(traced: false).signal(.terminate)

    private func text(_ label: String, _ run: Run) -> String? {
        run.verdict.evidence.first { $0.label == label }?.text
    }

    @Test func `says what was wrong with bad answers`() {
        let answered = outside.saw(
            .requestFinished, .client, [.id: 1, .fate: "failed", .status: 404, .cause: "status 404, which was 200"])
        let told = answered.saw(.requestFinished, .client, [.id: 2, .fate: "failed", .status: 500]).answers(3...3)
            .exits(0).ends()
        #expect(told.verdict.word == .dropped)
        #expect(told.verdict[.noServerErrors]?.evidence == "1 of 3")
        #expect(text("bad answers", told) == "1 with status 404, which was 200, 1 with status 500")
        #expect(text("in flight at the signal", told) == "3   2 bad answer, 1 answered")
    }

    @Test func `says what makes a guess certain, and where nobody can guess`() {
        let cause: Fields = [
            .id: 1, .fate: "failed", .status: 200, .cause: "a body of 0 bytes, which had 9 before", .fault: "length",
        ]
        #expect(text("bad answers", outside.saw(.requestFinished, .client, cause))?.contains("--expect") == true)
        let varied = outside.saw(.workSkipped, .client, [.kind: "bodies", .cause: "they had 5 to 9 bytes"])
        #expect(text("bodies", varied.answers(1...3))?.contains("5 to 9 bytes; --expect") == true)
        #expect(text("bodies", outside.answers(1...3)) == nil)
    }

    @Test func `calls nothing too fast that was lost`() {
        #expect(text("too fast", outside.answers(1...3).exits(0).ends()) != nil)
        #expect(text("too fast", outside.answers(1...1).answers(2...3, .closedUnanswered).exits(0).ends()) == nil)
    }

    @Test func `tells of a drain only where there was one`() {
        let idle = Run(traced: false).starts().signal(.terminate)
        #expect(idle.dies(.terminate).ends().verdict[.exitStatus]?.evidence.contains("drain") == false)
        let lost = outside.dies(.terminate).answers(1...3, .resetUnanswered).ends().verdict
        #expect(lost[.exitStatus]?.held == false)
        #expect(lost[.leftByItself]?.held == false)
        #expect(outside.answers(1...3).dies(.terminate).ends().verdict[.exitStatus]?.evidence.contains("drain") == true)
    }

    @Test func `says what the others did with the signal when it was sent, and not while they left`() {
        func seen(_ run: Run, _ caught: [Int]) -> Run {
            run.saw(.memberSeen, .kernel, [.pid: 7, .command: "python3 app.py", .caught: .list(caught)])
        }
        let asked = seen(Run.serving(traced: false), [15]).signal(.terminate).dies(.terminate)
        let left = seen(asked, []).saw(.processLeftBehind, .supervisor, [.pid: 7, .command: "python3 app.py"]).ends()
        #expect(text("its processes", left)?.contains("would catch it") == true, "\(text("its processes", left) ?? "")")
    }

    @Test func `names the open door of a server that began to leave`() {
        #expect(Run.letsGo(after: 0).verdict.lesson.contains("kept accepting"))
    }
}
