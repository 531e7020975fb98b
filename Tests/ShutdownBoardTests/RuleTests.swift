import Foundation
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(3))) struct `A rule` {
    struct Three {
        var held: Run
        var failed: Run
        var unknown: Run
    }

    /// A run in which the rule held, one in which it failed, and one in which nobody can know.
    static func runs(_ rule: RuleName) -> Three {
        let asked = Run.serving().signal(.terminate)
        let outside = Run(traced: false).requests(1...3).signal(.terminate)
        let gone = Run.drained.exits(0)
        switch rule {
        case .readinessFirst:
            return Three(held: .polite, failed: asked.drains(behindBalancer: false).exits(0), unknown: outside.exits(0))
        case .inFlightAnswered:
            return Three(held: .polite, failed: asked.answers(1...3, .cut).exits(0).ends(), unknown: asked.exits(0))
        case .lateAnswered:
            return Three(
                held: asked.requests(8...8).answers(8...8), failed: asked.requests(8...8).answers(8...8, .cut),
                unknown: asked.requests(8...8).answers(8...8, .refused))
        case .noServerErrors:
            return Three(held: .polite, failed: asked.answers(1...3, .failed), unknown: asked)
        case .noneRefused:
            return Three(
                held: asked.requests(8...8).answers(8...8), failed: asked.requests(8...8).answers(8...8, .refused),
                unknown: .polite)
        case .webSocketsTold:
            let open = Run.serving().webSocket(1).signal(.terminate)
            return Three(
                held: open.closes(webSocket: 1), failed: open.closes(webSocket: 1, clean: false), unknown: .polite)
        case .jobsSettled:
            let job = Run.serving().server(.jobFetched, [.id: 1]).signal(.terminate)
            return Three(
                held: job.server(.jobReturned, [.id: 1]), failed: job.server(.jobAbandoned, [.id: 1]), unknown: .polite)
        case .releasedInOrder:
            return Three(
                held: .polite, failed: asked.drains().releases(["log", "ledger"]).exits(0), unknown: .politeFromOutside)
        case .notForced:
            return Three(
                held: .polite, failed: asked.drains().server(.shutdownForced, [.cause: "second signal"]),
                unknown: .politeFromOutside)
        case .leftByItself:
            return Three(held: .polite, failed: asked.signal(.kill).dies(.kill), unknown: asked)
        case .leftPromptly:
            return Three(
                held: .polite, failed: Run.drained.after(1.5).exits(0),
                unknown: asked.signal(.kill).answers(1...3).dies(.kill))
        case .exitStatus:
            return Three(held: .polite, failed: Run.drained.exits(1), unknown: asked)
        case .noPaymentLost:
            let paid = gone.pays(1).settles(1)
            return Three(held: paid.audit(), failed: paid.audit(lost: 1), unknown: paid)
        case .noPaymentTwice:
            let paid = gone.pays(1).settles(1)
            return Three(held: paid.audit(), failed: paid.audit(twice: 1), unknown: paid)
        case .noPaymentInDoubt:
            let paid = gone.pays(1).settles(1, "unknown")
            return Three(held: paid.audit(), failed: paid.audit(ambiguous: 1), unknown: paid)
        case .databaseClosed:
            return Three(
                held: gone.audit(),
                failed: gone.audit().saw(.fileLeft, .supervisor, [.file: "l.sqlite-wal", .bytes: 9]),
                unknown: gone)
        case .databaseUnused:
            return Three(
                held: .polite,
                failed: asked.drains().releases(["ledger"]).server(.transactionBegan, [.id: 1]).exits(0),
                unknown: .politeFromOutside)
        case .logComplete:
            return Three(
                held: gone.saw(.logAudited, .supervisor, [.lines: 9, .lost: 0]),
                failed: gone.saw(.logAudited, .supervisor, [.lines: 9, .lost: 1]), unknown: gone)
        case .portFree:
            return Three(held: .polite, failed: gone.ends(port: "accepts"), unknown: gone)
        case .nothingLeft:
            return Three(
                held: .polite, failed: gone.saw(.processLeftBehind, .supervisor, [.pid: 5, .command: "sh"]).ends(),
                unknown: gone)
        case .deployLostNothing:
            let deploy = Run.serving().deploys().signal(.terminate).drains()
            return Three(
                held: deploy.answers(1...3).endsDeploy(), failed: deploy.answers(1...3, .unavailable),
                unknown: deploy.answers(1...3))
        case .traceComplete:
            return Three(held: .polite, failed: .withGap, unknown: .politeFromOutside)
        }
    }

    @Test func `about readiness judges no server that tells nothing of it`() {
        var silent = Run.polite
        silent.drop { [.readinessRaised, .readinessLowered].contains($0.kind) }
        #expect(silent.verdict[.readinessFirst]?.held == nil)
        var deaf = Run.polite
        deaf.drop { $0.kind == .readinessLowered }
        #expect(deaf.verdict[.readinessFirst]?.held == false)
    }

    @Test func `about the door judges no server without a balancer, whether it is traced or not`() {
        var alone = Run.polite.requests(8...8).answers(8...8, .refused)
        alone.drop { $0.source == .balancer }
        #expect(alone.verdict[.noneRefused]?.held == nil)
    }

    @Test(arguments: RuleName.allCases)
    func `holds, fails, or cannot be known`(rule: RuleName) {
        let runs = Self.runs(rule)
        for (run, held) in [(runs.held, true), (runs.failed, false), (runs.unknown, nil)] as [(Run, Bool?)] {
            let judged = run.verdict[rule]
            #expect(judged?.held == held, "\(judged?.evidence ?? "")")
            #expect(judged?.evidence.isEmpty == false)
        }
    }

    @Test func `is never passed over`() {
        #expect(Run.polite.verdict.rules.map(\.name) == RuleName.allCases)
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
        #expect(empty.verdict[.noPaymentLost]?.held == nil)
    }

    @Test func `on the ledger does not believe an audit that failed`() {
        let blind = Run.drained.pays(1).settles(1).exits(0).saw(.ledgerAudited, .supervisor, [.cause: "locked"]).ends()
        #expect(blind.verdict[.noPaymentLost]?.held == nil)
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
        #expect(Run.drained.signal(.kill, by: "grace").dies(.kill).verdict[.exitStatus]?.held == nil)
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
