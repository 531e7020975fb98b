import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The word of a verdict` {
    /// Runs that must get this word, each with what it shows.
    static func stories(_ word: Verdict.Word) -> [(String, Run)] {
        let asked = Run.serving().signal(.terminate)
        let outside = Run.serving(traced: false).signal(.terminate)
        switch word {
        case .graceful:
            return [
                ("the ideal", .polite), ("seen from outside", .politeFromOutside),
                (
                    "SIGINT is as good",
                    Run.serving().signal(.interrupt).drains().answers(1...3).releases().exits(0).ends()
                ),
                ("raised again after the drain", Run.drained.dies(.terminate).ends()),
                ("raised again, seen from outside", outside.drains().after(0.2).answers(1...3).dies(.terminate).ends()),
                ("exit 143, as the JVM does", Run.drained.exits(143).ends()),
                (
                    "one was pipelined behind the last answer",
                    outside.drains().after(1).answers(1...2).answers(3...3, .notTaken).exits(0).ends()
                ),
                (
                    "without a balancer somebody stood at the door when it closed",
                    Run(traced: false).requests(1...3).signal(.terminate).requests(8...8)
                        .answers(8...8, .resetUnanswered).after(1).answers(1...3).exits(0).ends()
                ),
                (
                    "without a balancer somebody waited in the queue when it closed",
                    Run(traced: false).requests(1...3).signal(.terminate).requests(8...8)
                        .saw(.socketsSeen, .kernel, [.waiting: 1]).after(1).saw(.listenerGone, .kernel)
                        .answers(8...8, .resetUnanswered).answers(1...3).exits(0).ends()
                ),
                ("one came just before the signal and stood in the queue", Run.knocking(after: 0.01, queued: 1)),
                (
                    "forced by a second signal, and yet nothing lost",
                    asked.drains().answers(1...3).signal(.terminate).server(.shutdownForced, [.cause: "second signal"])
                        .releases().exits(0).ends()
                ),
                (
                    "only a WebSocket was open",
                    Run().starts().webSocket(1).signal(.terminate).drains()
                        .closes(webSocket: 1).releases().exits(0).ends()
                ),
                (
                    "503 to those who came too late",
                    asked.requests(8...8).drains().answers(8...8, .unavailable)
                        .answers(1...3).releases().exits(0).ends()
                ),
            ]
        case .slow:
            return [
                ("waited for nothing", Run.drained.after(5).exits(0).ends()),
                ("used most of the grace period", asked.drains().after(40).answers(1...3).releases().exits(0).ends()),
            ]
        case .refusedWork:
            return [
                (
                    "closed before the balancer knew",
                    asked.drains(behindBalancer: false).requests(8...8)
                        .answers(8...8, .refused).answers(1...3).releases().exits(0).ends()
                ),
                ("a successor, and a gap before it", .handedOver(by: .hangup, others: .refused)),
            ]
        case .dropped:
            return [
                ("cut", asked.drains().answers(1...2).answers(3...3, .cut).releases().exits(0).ends()),
                ("closed without an answer", outside.answers(1...3, .closedUnanswered).exits(0).ends()),
                (
                    "a new request was taken and reset",
                    asked.requests(8...8).drains().answers(1...3)
                        .answers(8...8, .resetUnanswered).releases().exits(0).ends()
                ),
                ("5xx", asked.drains().answers(1...3, .failed).releases().exits(0).ends()),
                ("a successor, and yet one was lost", .handedOver(by: .hangup, last: .cut)),
                ("never any fate", asked.drains().answers(1...2).releases().exits(0).ends()),
                (
                    "reset in the accept queue",
                    outside.saw(.socketsSeen, .kernel, [.waiting: 2]).saw(.listenerGone, .kernel).after(1)
                        .answers(1...1).answers(2...3, .resetUnanswered).exits(0).ends()
                ),
                ("one that came just before the signal was in no queue", Run.knocking(after: 0.01, queued: 0)),
                ("one that stood in the queue had come long before the signal", Run.knocking(after: 0.2, queued: 1)),
                (
                    "raised again, but lost one",
                    outside.answers(1...2).answers(3...3, .cut).dies(.terminate).ends()
                ),
                (
                    "a WebSocket was cut",
                    Run.serving().webSocket(1).signal(.terminate).drains().answers(1...3)
                        .closes(webSocket: 1, clean: false).releases().exits(0).ends()
                ),
                (
                    "a late WebSocket cannot stand in for it",
                    Run.serving().webSocket(1).signal(.terminate).webSocket(2)
                        .drains().answers(1...3).closes(webSocket: 1, clean: false).closes(webSocket: 2).releases()
                        .exits(0)
                        .ends()
                ),
                (
                    "a job was abandoned",
                    Run.serving().server(.jobFetched, [.id: 1]).signal(.terminate).drains()
                        .answers(1...3).server(.jobAbandoned, [.id: 1]).releases().exits(0).ends()
                ),
                (
                    "a job still ran at the exit",
                    Run.serving().server(.jobFetched, [.id: 1]).signal(.terminate).drains()
                        .answers(1...3).releases().exits(0).ends()
                ),
                ("an acknowledged payment is gone", Run.drained.exits(0).audit(lost: 1).ends()),
                ("a payment is in doubt", Run.drained.exits(0).audit(ambiguous: 1).ends()),
                (
                    "told no, and charged",
                    Run.drained.exits(0).saw(
                        .paymentAudited, .supervisor,
                        [.order: 9, .belief: "refused", .rows: 1, .cause: "denied"]
                    ).audit().ends()
                ),
                (
                    "given up at the deadline and told so",
                    asked.drains().server(.drainDeadlinePassed, [.left: 3])
                        .answers(1...3, .unavailable).releases().exits(0).ends()
                ),
            ]
        case .duplicated:
            return [
                ("two rows", Run.drained.exits(0).audit(twice: 1).ends()),
                ("even when killed", asked.signal(.kill).dies(.kill).answers(1...3, .cut).audit(twice: 1).ends()),
                (
                    "the server itself says so, and nobody audited",
                    Run.serving().pays(9).charges(9).charges(9)
                        .signal(.terminate).drains().answers(1...3).releases().exits(0).ends()
                ),
            ]
        case .forceKilled:
            return [
                (
                    "caught, and nobody was taken any more",
                    outside.requests(8...9).saw(.socketsSeen, .kernel, [.waiting: 2]).answers(1...3)
                        .saw(.graceExpired, .supervisor).signal(.kill, by: "grace").dies(.kill)
                        .answers(8...9, .resetUnanswered).ends()
                ),
                ("closed its idle connections, and kept accepting", Run.letsGo(after: 0)),
                ("announced closes, and kept accepting", Run.announces(before: false)),
                ("while serving", Run.serving().signal(.kill).dies(.kill).answers(1...3, .cut).ends()),
                ("while draining", asked.drains().signal(.kill).dies(.kill).answers(1...3, .cut).ends()),
                (
                    "the grace period ended",
                    asked.drains().saw(.graceExpired, .supervisor, [.grace: 45])
                        .signal(.kill, by: "grace").dies(.kill).answers(1...3, .cut).ends()
                ),
                (
                    "a second SIGTERM met the default action",
                    asked.drains().signal(.terminate).dies(.terminate)
                        .answers(1...3, .cut).ends()
                ),
            ]
        case .unhandled:
            return [
                (
                    "no handler",
                    Run(traced: false).starts(catching: []).requests(1...3).signal(.terminate)
                        .dies(.terminate).answers(1...3, .resetUnanswered).ends()
                ),
                (
                    "no handler, with a trace",
                    Run.serving().signal(.interrupt).dies(.interrupt).answers(1...3, .cut).ends()
                ),
                (
                    "SIGQUIT dumps core by default",
                    Run(traced: false).starts(catching: []).requests(1...3).signal(.quit)
                        .dies(.quit, core: true).answers(1...3, .cut).ends()
                ),
                ("the handler of a runtime, which dies of it", outside.dies(.terminate).answers(1...3, .cut).ends()),
            ]
        case .ignored:
            return [
                (
                    "no reaction until the kill",
                    outside.saw(.graceExpired, .supervisor).signal(.kill, by: "grace")
                        .dies(.kill).answers(1...3, .cut).ends()
                ),
                ("still there", outside.answers(1...3).ends()),
                ("idle connections had their own time-out", Run.letsGo(after: 2)),
                ("it always announces closes", Run.announces(before: true)),
            ]
        case .reloaded:
            return Run.reloads
        case .crashed:
            return [
                (
                    "SEGV in the drain",
                    asked.drains().dies(Signal(rawValue: 11), core: true).answers(1...3, .cut).ends()
                ),
                ("before any signal", Run.serving().dies(Signal(rawValue: 4)).answers(1...3, .cut).ends()),
                ("an unasked-for core", asked.dies(Signal(rawValue: 6), core: true).ends()),
            ]
        case .badExit:
            return [
                ("exit 1 after a clean drain", Run.drained.exits(1).ends()),
                ("130 although it was a SIGTERM", Run.drained.exits(130).ends()),
                ("137: a shell tells of a kill", Run.politeFromOutside137),
            ]
        case .orphans:
            return [
                (
                    "a child is left",
                    Run.drained.exits(0).saw(.processLeftBehind, .supervisor, [.pid: 7, .command: "sh"]).ends()
                ),
                ("somebody holds the port", Run.drained.exits(0).ends(port: "accepts")),
                ("SIGTERM asks for no successor", .handedOver(by: .terminate)),
                ("a child that was there before is no successor", .handedOver(by: .hangup, isNew: false)),
                ("one that answers nobody is none either", .handedOver(by: .hangup, late: .timedOut)),
                ("it reacted, and is still there", Run.drained.ends()),
            ]
        case .wrongOrder:
            return [
                (
                    "the ledger before its users",
                    asked.drains().answers(1...3)
                        .releases(["rotation", "listener", "ledger", "workers", "log"]).exits(0).ends()
                ),
                (
                    "used after it was closed",
                    asked.drains().answers(1...3).server(.ledgerRefused).releases().exits(0).ends()
                ),
                ("never released", asked.drains().answers(1...3).releases(["rotation", "listener"]).exits(0).ends()),
                (
                    "a transaction was open at the close",
                    asked.drains().answers(1...3)
                        .server(.ledgerClosed, [.open: 1]).releases().exits(0).ends()
                ),
                (
                    "log lines are missing",
                    Run.drained.exits(0).saw(.logAudited, .supervisor, [.lines: 9, .lost: 2]).ends()
                ),
            ]
        case .inconclusive:
            return [
                ("nothing at all", Run()), ("still serving", .serving()), ("still draining", asked.drains()),
                ("nothing was in flight", Run().starts().signal(.terminate).drains().releases().exits(0).ends()),
                ("no signal", Run.serving().answers(1...3).exits(0).ends()),
                ("the recording ends before the answers", asked.drains().releases().exits(0)),
            ]
        }
    }

    static let cases = Verdict.Word.allCases.flatMap { word in
        stories(word).map { Case(word: word, title: $0.0, run: $0.1) }
    }

    struct Case: CustomTestStringConvertible {
        var word: Verdict.Word
        var title: String
        var run: Run
        var testDescription: String { "\(word.rawValue): \(title)" }
    }

    @Test(arguments: cases)
    func `is what the run deserves`(story: Case) {
        let verdict = story.run.verdict
        #expect(verdict.word == story.word, "\(verdict.headline); \(verdict.rules.filter { $0.held == false })")
        #expect(!verdict.headline.isEmpty)
        #expect(verdict.lesson.hasSuffix("."))
    }

    @Test(arguments: Verdict.Word.allCases)
    func `has an exit code`(word: Verdict.Word) {
        let code: Int32 = [.graceful, .slow].contains(word) ? 0 : word == .inconclusive ? 3 : 1
        #expect(word.exitCode == code)
        #expect(word.isGraceful == (code == 0))
        #expect(!Self.stories(word).isEmpty)
    }
}
