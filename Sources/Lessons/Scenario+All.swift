internal import ShutdownBoard

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
}
