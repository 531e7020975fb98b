import DemoServer
import Lessons
import Testing

@Suite struct `What a lesson says of each phase` {
    /// Where the fault can be seen while it happens; for the others that is before the signal.
    private static let decisive: [String: [String]] = [
        "polite": ["leaving rotation", "draining", "releasing ledger"],
        "startup-signal": ["starting"],
        "lb-lag": ["draining"],
        "backlog-reset": ["leaving rotation", "draining"],
        "idle-race": ["draining"],
        "keepalive-linger": ["draining"],
        "slow-peers": ["draining"],
        "websocket-hold": ["draining"],
        "rst-eats-response": ["draining"],
        "lost-payment": ["leaving rotation", "draining"],
        "grace-mismatch": ["leaving rotation", "draining"],
        "fatal-at-deadline": ["draining"],
        "stopped": ["draining"],
        "wrong-order": ["releasing ledger", "releasing workers"],
        "early-finisher": ["leaving rotation", "draining"],
        "escalation-loses-order": ["leaving rotation", "draining"],
        "second-signal": ["leaving rotation", "draining"],
        "double-shutdown": ["leaving rotation", "draining"],
        "exit-liar": ["leaving rotation", "draining"],
        "log-lost": ["releasing log"],
        "group-signal": ["leaving rotation", "draining"],
        "orphan-holds-port": ["exiting"],
    ]

    @Test(arguments: Scenario.all)
    func `is something before, while and after its fault shows`(scenario: Scenario) {
        let texts = Explanations.of(scenario, isMended: false)
        for phase in ["serving", "gone"] + Self.decisive[scenario.name, default: []] {
            #expect(texts[phase] != nil, "nothing for \(phase)")
        }
    }

    @Test(arguments: Scenario.all)
    func `is something of the mended server too, where there is one`(scenario: Scenario) {
        let texts = Explanations.of(scenario, isMended: true)
        #expect(texts.isEmpty == (scenario == .polite))
        guard scenario != .polite else { return }
        #expect(texts["serving"] != nil && texts["gone"] != nil)
        #expect(texts != Explanations.of(scenario, isMended: false))
    }

    @Test(arguments: Scenario.all, [false, true])
    func `is one to three whole sentences on a phase that exists`(scenario: Scenario, isMended: Bool) {
        for (phase, text) in Explanations.of(scenario, isMended: isMended) {
            #expect(Explanations.phases.contains(phase), "no phase is called \(phase)")
            #expect(text.hasSuffix(".") && text.first?.isUppercase == true, "\(phase)")
            #expect((30...240).contains(text.count), "\(phase): \(text.count) characters")
            #expect((1...3).contains(text.split(separator: ". ").count), "\(phase)")
        }
    }

    @Test func `is never the same for two lessons`() {
        let texts = Scenario.all.flatMap { scenario in
            [false, true].flatMap { Array(Explanations.of(scenario, isMended: $0).values) }
        }
        #expect(Set(texts).count == texts.count)
    }
}
