package import ShutdownBoard
package import ShutdownTrace

/// The catalogue: all scenarios, subject by subject.
extension Scenario {
    package static let all: [Scenario] = [
        .polite, .noHandler, .startupSignal, .terminalGone, .deafWrapper,
        .lbLag, .backlogReset, .idleRace,
        .keepAliveLinger, .slowPeers, .websocketHold, .rstEatsResponse,
        .chargedTwice, .lostPayment,
        .graceMismatch, .fatalAtDeadline, .stopped,
        .wrongOrder, .earlyFinisher, .escalationLosesOrder, .secondSignal, .doubleShutdown,
        .mainReturnsEarly, .exitLiar, .logLost, .groupSignal, .orphanHoldsPort,
    ]

    /// Finds a scenario by its name; nil when there is none.
    package init?(named name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// The title of its traces: "lb-lag", or "lb-lag, mended".
    package func title(mended isMended: Bool) -> String { isMended ? "\(lesson.name), mended" : lesson.name }

    /// What the demo server's traces with this header show; nil for another server, and for a lesson that is gone.
    package static func shown(in header: Header) -> (scenario: Scenario, isMended: Bool)? {
        guard header.facts.server == .demo else { return nil }
        let servers = all.flatMap { [($0, false), ($0, true)] }
        return servers.first { scenario, isMended in scenario.title(mended: isMended) == header.title }
    }
}

extension Lesson.Subject {
    static let signals: Self = "signals"
    static let door: Self = "the door"
    static let connections: Self = "connections"
    static let payments: Self = "payments"
    static let limits: Self = "limits"
    static let cleanUp: Self = "clean-up"
    static let leaving: Self = "exit and what is left"

    /// In the order of the catalogue.
    package static let all: [Self] = [.signals, .door, .connections, .payments, .limits, .cleanUp, .leaving]
}
