import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct `Any prefix of a trace` {
    static let traces: [[Event]] = [
        Picture.events().suffix(200), LongStory.longest.events, Run.polite.events, Run.politeFromOutside.events,
    ].map { Array($0) }

    @Test(arguments: traces.indices)
    func `gives a valid board`(index: Int) {
        var board = Board()
        for event in Self.traces[index] {
            board.apply(event)
            check(board)
        }
    }

    /// The same events in any order, with any of them lost or repeated: nothing traps, and nothing is negative.
    @Test(arguments: Effort.some(of: 0..<40))
    func `stays valid when events are shuffled, lost and doubled`(seed: Int) {
        var events = Self.traces[seed % Self.traces.count]
        var state = UInt64(seed) &* 2_654_435_769 &+ 1
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<events.count {
            switch next(3) {
            case 0: events.swapAt(next(events.count), next(events.count))
            case 1: events.append(events[next(events.count)])
            default: events.remove(at: next(events.count))
            }
        }
        var board = Board()
        for event in events {
            board.apply(event)
            check(board)
        }
    }

    static let oddNumbers: [Fields.Value] = [
        .int(.max), .int(.min), .int(-1), .double(1e300), .double(-0.5), "x", .null,
    ]

    /// Each kind from each source, every field an odd number: sums may not overflow, nothing may trap.
    @Test(arguments: Effort.some(of: EventKind.allCases))
    func `survives odd numbers in every field`(kind: EventKind) {
        let keys: [Fields.Key] = [
            .id, .order, .status, .bytes, .expected, .took, .rows, .signal, .pid, .code, .index, .count, .open, .left,
            .port, .lines, .lost, .charged, .acknowledged, .twice, .ambiguous, .failures, .threshold, .lead, .drain,
            .workers, .ledger, .flush, .margin, .grace, .attempt, .ordinal, .sender,
        ]
        var board = Run.serving().signal(.terminate).drains().board
        for source in Source.allCases {
            for value in Self.oddNumbers + Self.oddNumbers {
                var fields = Fields(keys.map { .init($0, value) })
                fields[.fate] = "cut"
                fields[.name] = "ledger"
                fields[.how] = "signaled"
                let time = Time(microseconds: value == .int(.max) ? .max : value == .int(.min) ? .min : 5)
                board.apply(Event(kind, from: source, at: time, sequence: .max, fields))
                check(board, at: [.zero, Time(microseconds: .max), Time(microseconds: .min)])
            }
        }
    }

    private func check(_ board: Board, at moments: [Time]? = nil) {
        #expect(board.requests.inFlight.allSatisfy { $0.key == $0.value.id && $0.value.end == nil })
        #expect(board.requests.oldest(.max).count == board.requests.inFlight.count)
        #expect(board.requests.fatesAtSignal.values.reduce(0, +) <= board.requests.countAtSignal)
        #expect(board.ledger.betweenChargeAndAnswer >= 0)
        #expect(board.listener.connections >= 0)
        #expect(board.resources.releases.count == board.resources.releasedCount)
        #expect(board.track.last?.name == "exit")
        #expect(board.track.count { $0.state == .current } <= 1)
        for now in moments ?? [board.time] {
            let countdowns = board.at(now).countdowns
            #expect(countdowns.allSatisfy { (0...1).contains($0.fraction) && $0.left ?? .zero >= .zero })
            #expect(board.at(now).latestExit.map { $0 >= .zero } != false)
            #expect(!board.at(now).explanation().isEmpty)
            for blocker in board.at(now).blockers() { #expect(!blocker.lasted.words.isEmpty) }
            if let waiting = board.at(now).waiting { #expect(!waiting.what.isEmpty) }
            _ = board.traffic.rate(at: now)
        }
        let verdict = board.verdict
        let findings = RuleName.allCases.map { ($0, Judge(board).finding(on: $0)) }
        #expect(findings.allSatisfy { !$0.1.words.isEmpty })
        #expect(verdict.rules.map(\.name) == findings.filter(\.1.isApplicable).map(\.0))
        #expect(!verdict.headline.isEmpty)
        _ = verdict.evidence
    }
}

enum LongStory {
    /// The story with the most in it.
    static let longest = Run.serving().webSocket(1).server(.jobFetched, [.id: 1]).pays(4).charges(4).signal(.terminate)
        .drains().server(.websocketTold, [.id: 1]).server(.websocketEchoed, [.id: 1]).closes(webSocket: 1)
        .answers(1...3).settles(4).server(.jobReturned, [.id: 1]).server(.transactionBegan, [.id: 8])
        .server(.transactionRolledBack, [.id: 8]).releases().exits(0)
        .audit().saw(.logAudited, .supervisor, [.lines: 12, .lost: 0]).ends()
}

@Suite(.timeLimit(.minutes(20))) struct `The numbers of a run` {
    @Test func `are measured from the events`() {
        let numbers = Run.serving().signal(.terminate).drains().after(1).answers(1...3).after(0.5).exits(0).ends()
            .verdict.numbers
        #expect(numbers[.signalToReceivedMs] == 1)
        #expect(numbers[.leadMs] == 2)
        #expect(numbers[.acceptStopMs] == 7)
        #expect(numbers[.signalToExitMs] == 1_512)
        #expect(numbers[.idleWaitMs] == 501)
        #expect(numbers[.drainOverheadMs] == 501)
        #expect(numbers[.completedShare] == 1)
        #expect(numbers[.graceUsed].map { abs($0 - 1.512 / 45) < 1e-9 } == true)
        #expect(Numbers.Name.allCases.count == 8)
    }

    @Test func `count the jobs as work, and not as something that a client sees`() {
        let numbers = Run.serving().server(.jobFetched, [.id: 1]).signal(.terminate).answers(1...3).after(2)
            .server(.jobFinished, [.id: 1]).exits(0).verdict.numbers
        #expect(numbers[.idleWaitMs].map { $0 > 2_000 } == true)
        #expect(numbers[.drainOverheadMs] == 1)
    }

    @Test func `are not known without a signal or an exit`() {
        let numbers = Run.serving().exits(0).verdict.numbers
        #expect(Numbers.Name.allCases.allSatisfy { numbers[$0] == nil })
        #expect(Run.serving().signal(.terminate).verdict.numbers[.signalToExitMs] == nil)
    }

    @Test(arguments: [
        (0, "0 µs"), (999, "999 µs"), (-999, "-999 µs"), (7_400, "7 ms"), (99_949, "100 ms"), (99_950, "0.1 s"),
        (1_000_000, "1.0 s"), (119_949_999, "119.9 s"), (125_000_000, "2 m 05 s"), (-125_000_000, "-2 m 05 s"),
    ])
    func `are written as a person writes them`(microseconds: Int64, words: String) {
        #expect(Time(microseconds: microseconds).words == words)
    }

    @Test func `do not trap at the ends of time`() {
        #expect(Time(microseconds: .min).words.hasPrefix("-153722867280 m"))
        #expect(!Time(microseconds: .max).tenths.isEmpty)
        #expect(1_204.grouped == "1,204")
        #expect((-1_000_000).grouped == "-1,000,000")
        #expect(Int.min.grouped == "-9,223,372,036,854,775,808")
    }
}
