import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A signal` {
    @Test(arguments: 1...64 as ClosedRange<Int32>)
    func `is found by its name, its short name and its number`(number: Int32) {
        let signal = Signal(rawValue: number)
        #expect(Signal(signal.name) == signal)
        #expect(Signal(signal.shortName.lowercased()) == signal)
        #expect(Signal("\(number)") == signal)
        #expect(!signal.meaning.isEmpty)
    }

    @Test(arguments: ["", "SIG", "0", "65", "-9", "SIGFOO", "TERM ", "99999999999", "RTMIN+31", "RTMIN+", "RTMIN+-1"])
    func `is not found by anything else`(text: String) {
        #expect(Signal(text) == nil)
    }

    @Test(arguments: [
        (Signal.terminate, "SIGTERM", Signal.DefaultAction.terminate), (.quit, "SIGQUIT", .core),
        (.stop, "SIGSTOP", .stop), (.resume, "SIGCONT", .resume), (.windowChange, "SIGWINCH", .ignore),
        (Signal(rawValue: 37), "SIGRTMIN+3", .terminate),
    ])
    func `has the kernel's default action`(signal: Signal, name: String, action: Signal.DefaultAction) {
        #expect(signal.name == name)
        #expect(signal.defaultAction == action)
        #expect(signal.isUncatchable == (signal == .kill || signal == .stop))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A fate` {
    @Test(arguments: Fate.allCases)
    func `is whole, a loss or safe to retry, and has words of its own`(fate: Fate) {
        #expect(fate.isWhole != (fate.isLoss || [.refused, .resetEarly, .connectTimedOut, .notTaken].contains(fate)))
        #expect(!(fate.isLoss && fate.isSafeToRetry))
        #expect(Fate.allCases.filter { $0.words == fate.words } == [fate])
    }
}

@Suite(.timeLimit(.minutes(20))) struct `An exit status` {
    @Test(arguments: [
        (ShutdownTrace.ExitStatus.exited(code: 143), "exited 143"),
        (.signaled(.terminate, coreDumped: false), "killed by signal 15 (SIGTERM)"),
        (.signaled(.kill, coreDumped: false), "killed by signal 9 (SIGKILL)"),
        (.signaled(Signal(rawValue: 11), coreDumped: true), "killed by signal 11 (SIGSEGV), core dumped"),
    ])
    func `says in words what waitid says in numbers`(status: ShutdownTrace.ExitStatus, words: String) {
        #expect(status.words == words)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The budgets` {
    @Test(arguments: [0.1, 1, 5, 29, 30, 60, 600])
    func `nest inside their grace period at every drain`(drain: Double) {
        let budgets = Budgets(drain: .seconds(drain))
        let parts = [
            budgets.lead, budgets.drain ?? .zero, budgets.workers, budgets.ledger, budgets.flush, budgets.margin,
        ]
        #expect(parts.allSatisfy { $0 > .zero })
        #expect(parts.reduce(.zero, +) == budgets.grace)
        #expect(Budgets(budgets.fields) == budgets)
    }

    @Test func `of the demo fit 45 seconds`() {
        #expect(Budgets(drain: .seconds(30)).grace == .seconds(45))
        #expect(Budgets([:]) == nil)
    }

    @Test func `need no limit for the drain`() {
        var budgets = Budgets(drain: .seconds(30))
        budgets.drain = nil
        #expect(budgets.fields.time(.drain) == nil)
        #expect(Budgets(budgets.fields) == budgets)
        #expect(budgets.grace == .seconds(15))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A time` {
    @Test func `never traps and never turns over`() {
        let last = Time(microseconds: .max)
        let first = Time(microseconds: .min)
        #expect(last + last == last)
        #expect(first - last == first)
        #expect(last - first == last)
        #expect(Time.seconds(.nan) == .zero)
        #expect(Time.seconds(1e300) > .seconds(1e12))
        #expect(Time.seconds(-1e300) < .zero)
        #expect(Time.milliseconds(.max) == last)
    }

    @Test func `counts in microseconds`() {
        #expect(Time.seconds(1.2345678).microseconds == 1_234_568)
        #expect(Time.milliseconds(7).seconds == 0.007)
        #expect(Time.seconds(2).milliseconds == 2_000)
    }
}
