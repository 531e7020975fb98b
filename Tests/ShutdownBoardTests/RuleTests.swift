import Foundation
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A rule` {
    struct Runs {
        var held: Run
        var failed: Run
        /// Nil where a run that the rule is about always shows it.
        var unknown: Run?
        /// Nil where the rule is about every run.
        var inapplicable: Run?
    }

    /// A run in which the rule held, one in which it failed, one that does not show it, and one that it is not about.
    static func runs(_ rule: RuleName) -> Runs {
        let quiet = Run.serving()
        let asked = Run.serving().signal(.terminate)
        let outside = Run(traced: false).requests(1...3).signal(.terminate)
        let gone = Run.drained.exits(0)
        switch rule {
        case .readinessFirst:
            return Runs(held: .polite, failed: asked.drains(behindBalancer: false).exits(0), unknown: outside.exits(0))
        case .inFlightAnswered:
            return Runs(
                held: .polite, failed: asked.answers(1...3, .cut).exits(0).ends(), unknown: asked.exits(0),
                inapplicable: quiet)
        case .lateAnswered:
            return Runs(
                held: asked.requests(8...8).answers(8...8), failed: asked.requests(8...8).answers(8...8, .cut),
                inapplicable: asked.requests(8...8).answers(8...8, .refused))
        case .noServerErrors:
            return Runs(held: .polite, failed: asked.answers(1...3, .failed), inapplicable: asked)
        case .noneRefused:
            return Runs(
                held: asked.requests(8...8).answers(8...8), failed: asked.requests(8...8).answers(8...8, .refused),
                unknown: .polite, inapplicable: quiet)
        case .webSocketsTold:
            let open = Run.serving().webSocket(1).signal(.terminate)
            return Runs(
                held: open.closes(webSocket: 1), failed: open.closes(webSocket: 1, clean: false), unknown: open,
                inapplicable: .polite)
        case .jobsSettled:
            let job = Run.serving().server(.jobFetched, [.id: 1]).signal(.terminate)
            return Runs(
                held: job.server(.jobReturned, [.id: 1]), failed: job.server(.jobAbandoned, [.id: 1]),
                inapplicable: .polite)
        case .releasedInOrder:
            return Runs(
                held: .polite, failed: asked.drains().releases(["log", "ledger"]).exits(0),
                inapplicable: .politeFromOutside)
        case .notForced:
            return Runs(
                held: .polite, failed: asked.drains().server(.shutdownForced, [.cause: "second signal"]),
                unknown: asked.drains(), inapplicable: .politeFromOutside)
        case .leftByItself:
            return Runs(held: .polite, failed: asked.signal(.kill).dies(.kill), unknown: asked, inapplicable: quiet)
        case .leftPromptly:
            return Runs(
                held: .polite, failed: Run.drained.after(1.5).exits(0),
                unknown: asked.exits(0), inapplicable: asked.signal(.kill).answers(1...3).dies(.kill))
        case .exitStatus:
            return Runs(
                held: .polite, failed: Run.drained.exits(1), unknown: asked,
                inapplicable: Run.drained.signal(.kill, by: "grace").dies(.kill))
        case .noPaymentLost:
            let paid = gone.pays(1).settles(1)
            return Runs(held: paid.audit(), failed: paid.audit(lost: 1), unknown: paid, inapplicable: gone)
        case .noPaymentTwice:
            let paid = gone.pays(1).settles(1)
            return Runs(held: paid.audit(), failed: paid.audit(twice: 1), unknown: paid, inapplicable: gone)
        case .noPaymentInDoubt:
            let paid = gone.pays(1).settles(1, "unknown")
            return Runs(held: paid.audit(), failed: paid.audit(ambiguous: 1), unknown: paid, inapplicable: gone)
        case .databaseClosed:
            return Runs(
                held: gone.audit(),
                failed: gone.audit().saw(.fileLeft, .supervisor, [.file: "l.sqlite-wal", .bytes: 9]),
                inapplicable: gone)
        case .databaseUnused:
            return Runs(
                held: .polite,
                failed: asked.drains().releases(["ledger"]).server(.transactionBegan, [.id: 1]).exits(0),
                inapplicable: .politeFromOutside)
        case .logComplete:
            return Runs(
                held: gone.saw(.logAudited, .supervisor, [.lines: 9, .lost: 0]),
                failed: gone.saw(.logAudited, .supervisor, [.lines: 9, .lost: 1]), inapplicable: gone)
        case .portFree:
            return Runs(held: .polite, failed: gone.ends(port: "accepts"), unknown: gone)
        case .nothingLeft:
            return Runs(
                held: .polite, failed: gone.saw(.processLeftBehind, .supervisor, [.pid: 5, .command: "sh"]).ends(),
                unknown: gone)
        case .deployLostNothing:
            let deploy = Run.serving().deploys().signal(.terminate).drains()
            return Runs(
                held: deploy.answers(1...3).endsDeploy(), failed: deploy.answers(1...3, .unavailable),
                unknown: deploy.answers(1...3), inapplicable: .polite)
        case .traceComplete:
            return Runs(held: .polite, failed: .withGap, inapplicable: .politeFromOutside)
        }
    }

    @Test func `about readiness judges no server that tells nothing of it`() throws {
        var silent = Run.polite
        silent.drop { [.readinessRaised, .readinessLowered].contains($0.kind) }
        #expect(try #require(silent.verdict[.readinessFirst]).held == nil)
        var deaf = Run.polite
        deaf.drop { $0.kind == .readinessLowered }
        #expect(deaf.verdict[.readinessFirst]?.held == false)
    }

    @Test func `about the door judges no server without a balancer, whether it is traced or not`() throws {
        var alone = Run.polite.requests(8...8).answers(8...8, .refused)
        alone.drop { $0.source == .balancer }
        #expect(try #require(alone.verdict[.noneRefused]).held == nil)
    }

    @Test(arguments: RuleName.allCases)
    func `holds, fails, is unknown, or does not apply`(rule: RuleName) throws {
        let runs = Self.runs(rule)
        for (run, held) in [(runs.held, true), (runs.failed, false), (runs.unknown, nil)] as [(Run?, Bool?)] {
            guard let run else { continue }
            let judged = try #require(run.verdict[rule])
            #expect(judged.held == held, "\(judged.evidence)")
            #expect(!judged.evidence.isEmpty)
        }
        guard let other = runs.inapplicable else { return }
        #expect(other.verdict[rule] == nil)
        #expect(!Judge(other.board).finding(on: rule).words.isEmpty)
    }

    @Test func `has a sentence of its own`() {
        #expect(Set(RuleName.allCases.map(\.sentence)).count == RuleName.allCases.count)
    }

    @Test func `stands in the documented format, in the order in which it is shown`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/ShutdownBoard/ShutdownBoard.docc/VerdictFormat.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let section = try #require(text.split(separator: "## Rules").last?.split(separator: "## ").first)
        let names = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { $0.split(separator: "`")[1] }
        #expect(names.map(String.init) == RuleName.allCases.map(\.rawValue))
    }

    @Test func `on payments holds of nothing when nobody paid`() {
        let empty = Run.drained.exits(0).saw(.ledgerAudited, .supervisor, [.charged: 0, .acknowledged: 0]).ends()
        #expect(empty.verdict[.noPaymentLost] == nil)
    }

    @Test func `on the ledger does not believe an audit that failed`() throws {
        let blind = Run.drained.pays(1).settles(1).exits(0).saw(.ledgerAudited, .supervisor, [.cause: "locked"]).ends()
        #expect(try #require(blind.verdict[.noPaymentLost]).held == nil)
    }

    @Test func `on readiness sees that the balancer took the server back`() {
        let flapped = Run.serving().saw(.rotationLeft, .balancer).saw(.rotationEntered, .balancer)
            .signal(.terminate).drains(behindBalancer: false).exits(0)
        #expect(flapped.verdict[.readinessFirst]?.held == false)
    }

    @Test func `on the exit takes 143 only for the signal that was sent`() {
        #expect(Run.drained.exits(143).verdict[.exitStatus]?.held == true)
        #expect(Run.drained.exits(130).verdict[.exitStatus]?.held == false)
        #expect(Run.drained.signal(.kill).exits(137).verdict[.exitStatus]?.held == false)
    }

    @Test func `on the exit knows nothing of a status that the run itself prevented`() {
        #expect(Run.drained.signal(.kill, by: "grace").dies(.kill).verdict[.exitStatus] == nil)
        #expect(Run.drained.dies(.kill).verdict[.exitStatus]?.held == false)
    }

    @Test func `names a few of the processes that are left, each in one line`() throws {
        let left = Run.drained.exits(0).each(1...60) {
            $0.saw(
                .processLeftBehind, .supervisor,
                [.pid: .number($1), .command: .string("sh -c\n  sleep\n" + String(repeating: "x", count: 500))])
        }.ends().verdict
        let rule = try #require(left[.nothingLeft]?.evidence)
        let evidence = try #require(left.evidence.first { $0.label == "left behind" }?.text)
        for text in [rule, evidence] {
            #expect(text.contains("57 more") && !text.contains("\n") && text.count < 400, "\(text)")
        }
    }

    @Test func `calls a child or a busy port bad news`() {
        let left = Run.drained.exits(0).saw(.processLeftBehind, .supervisor, [.pid: 5, .command: "sh"]).ends()
        #expect(left.verdict.evidence.first { $0.label == "left behind" }?.isLoss == true)
        #expect(Run.polite.verdict.evidence.first { $0.label == "left behind" }?.isLoss == false)
        let busy = Run.drained.exits(0).ends(port: "accepts").verdict
        #expect(busy.evidence.first { $0.label == "left behind" }?.isLoss == true)
    }
}

extension Run {
    /// The same run with one event of the server lost on the way.
    static var withGap: Run { polite.losing { $0.kind == .leadEnded } }

    func losing(_ isLost: (Event) -> Bool) -> Run {
        var run = self
        run.drop(isLost)
        return run
    }
}
