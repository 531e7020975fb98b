package import ShutdownTrace

/// A phase of a run as a lesson explains it, alone or in a circumstance that has a text of its own.
package struct LessonPhase: Hashable, Sendable {
    let phase: Phase
    let circumstance: Circumstance?

    /// As the dashboard names it: "draining", "releasing ledger", "draining, ledger closed".
    package var name: String { phase.word.lowercased() + (circumstance.map { ", \($0.rawValue)" } ?? "") }

    /// What may be so in a phase.
    package enum Circumstance: String, Hashable, Sendable, CaseIterable {
        case frozen
        case jobAbandoned = "job abandoned"
        case ledgerClosed = "ledger closed"
        case nothingInFlight = "nothing in flight"
    }

    /// All of them in the order in which they come.
    package static let all =
        ([.starting, .serving, .signalled, .lead, .draining]
        + [ResourceName.scheduler, .workers, .ledger, .log].map { Phase.releasing($0) } + [.exiting, .gone])
        .flatMap { phase in [LessonPhase(phase)] + Circumstance.allCases.map { LessonPhase(phase, $0) } }

    package static let starting = Self(.starting)
    package static let serving = Self(.serving)
    package static let signalled = Self(.signalled)
    package static let leavingRotation = Self(.lead)
    package static let draining = Self(.draining)
    package static let exiting = Self(.exiting)
    package static let gone = Self(.gone)

    package static func releasing(_ resource: ResourceName) -> Self { Self(.releasing(resource)) }
    package static func leavingRotation(_ circumstance: Circumstance) -> Self { Self(.lead, circumstance) }
    package static func draining(_ circumstance: Circumstance) -> Self { Self(.draining, circumstance) }

    package init(_ phase: Phase, _ circumstance: Circumstance? = nil) {
        self.phase = phase
        self.circumstance = circumstance
    }
}
