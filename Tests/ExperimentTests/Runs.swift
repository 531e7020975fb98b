import Foundation
import ShutdownTrace
import Synchronization

@testable import Clients
@testable import Experiment

/// A run whose events a test can await and look at.
final class ObservedRun: Sendable {
    let experiment: Experiment
    private let log: Log

    var events: [Event] { log.events.withLock { $0 } }

    /// `when` is called with each event, and the experiment to act upon.
    init(
        _ plan: Plan, interpreter: (any OutputInterpreter)? = nil,
        when: @escaping @Sendable (Event, Experiment) -> Void = { _, _ in }
    ) {
        let log = Log(when)
        self.log = log
        experiment = Experiment(plan: plan, interpreter: interpreter) { log.take($0.item) }
        log.experiment.withLock { $0 = experiment }
    }

    private final class Log: Sendable {
        let events = Mutex<[Event]>([])
        let experiment = Mutex<Experiment?>(nil)
        private let react: @Sendable (Event, Experiment) -> Void

        init(_ react: @escaping @Sendable (Event, Experiment) -> Void) {
            self.react = react
        }

        func take(_ item: TraceReader.Item) {
            guard case .event(let event) = item else { return }
            events.withLock { $0.append(event) }
            if let experiment = experiment.withLock({ $0 }) { react(event, experiment) }
        }
    }

    func run() async throws { try await experiment.run() }

    func first(_ kind: EventKind) -> Event? { events.first { $0.kind == kind } }

    func all(_ kind: EventKind) -> [Event] { events.filter { $0.kind == kind } }
}

extension Event {
    /// Whether it is this printed line.
    func prints(_ text: String) -> Bool { kind == .outputPrinted && fields.string(.text) == text }
}

/// The kinds of the balancer's events, in their order.
func kinds(of events: [BalancerEvent]) -> [EventKind] {
    events.map { Event(.balancer($0), from: .balancer, at: .zero).kind }
}
