import Lessons
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(3))) struct `What a lesson says of each phase` {
    /// Where the fault can be seen while it happens; for the others that is before the signal.
    private static let decisive: [String: [LessonPhase]] = [
        "polite": [.leavingRotation, .draining, .releasing(.ledger)],
        "startup-signal": [.starting],
        "lb-lag": [.draining],
        "backlog-reset": [.leavingRotation, .draining],
        "idle-race": [.draining],
        "keepalive-linger": [.draining],
        "slow-peers": [.draining],
        "websocket-hold": [.draining],
        "rst-eats-response": [.draining],
        "lost-payment": [.leavingRotation, .draining],
        "grace-mismatch": [.leavingRotation, .draining],
        "fatal-at-deadline": [.draining],
        "stopped": [.draining],
        "wrong-order": [.releasing(.ledger), .releasing(.workers)],
        "early-finisher": [.leavingRotation, .draining],
        "escalation-loses-order": [.leavingRotation, .draining],
        "second-signal": [.leavingRotation, .draining],
        "double-shutdown": [.leavingRotation, .draining],
        "exit-liar": [.leavingRotation, .draining],
        "log-lost": [.releasing(.log)],
        "group-signal": [.leavingRotation, .draining],
        "orphan-holds-port": [.exiting],
    ]

    @Test(arguments: Scenario.all)
    func `is something before, while and after its fault shows`(scenario: Scenario) {
        let texts = scenario.broken.explanations
        for phase in [.serving, .gone] + Self.decisive[scenario.name, default: []] {
            #expect(texts[phase] != nil, "nothing for \(phase.name)")
        }
    }

    @Test(arguments: Scenario.all)
    func `is something of the mended server too, where there is one`(scenario: Scenario) {
        #expect((scenario.mended == nil) == (scenario.name == "polite"))
        guard let texts = scenario.mended?.explanations else { return }
        #expect(texts[.serving] != nil && texts[.gone] != nil)
        #expect(texts != scenario.broken.explanations)
    }

    @Test(arguments: Scenario.all, [false, true])
    func `is one to three whole sentences on a phase that exists`(scenario: Scenario, isMended: Bool) {
        for (phase, text) in scenario.server(mended: isMended).explanations {
            #expect(LessonPhase.all.contains(phase), "no phase is called \(phase.name)")
            #expect(text.hasSuffix(".") && text.first?.isUppercase == true, "\(phase.name)")
            #expect((30...240).contains(text.count), "\(phase.name): \(text.count) characters")
            #expect((1...3).contains(text.split(separator: ". ").count), "\(phase.name)")
        }
    }

    @Test func `is never the same for two lessons`() {
        let texts = Scenario.all.flatMap { scenario in
            [scenario.broken, scenario.mended].compactMap { $0 }.flatMap { Array($0.explanations.values) }
        }
        #expect(Set(texts).count == texts.count)
    }
}
