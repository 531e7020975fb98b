import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// Holds a shutdown between two of its steps, so that a person can explain the next one.
///
/// Only the steps stand still. Requests in flight go on, and no limit of a step runs, because the next step and its
/// limit have not begun; only a deadline of the whole service group, where there is one, runs on. A second signal ends
/// every wait, also at the gate.
final class ShutdownGate: Sendable {
    /// Nil while the gate is open; fires when it opens.
    private let hold = Mutex<OneShotEvent?>(nil)
    private let emitter: Emitter

    init(emitter: Emitter) {
        self.emitter = emitter
    }

    /// Holds the shutdown before its next step.
    func close() {
        hold.withLock { $0 = $0 ?? OneShotEvent() }
    }

    /// Lets the shutdown go on, now and at later steps.
    func open() { swap(for: nil) }

    /// Lets the shutdown go on, and holds it before the step after that.
    func step() { swap(for: OneShotEvent()) }

    /// Returns when the shutdown may go on to a step.
    func pass(to step: ShutdownStep, unless other: OneShotEvent) async {
        guard let opened = hold.withLock(\.self), !other.hasFired else { return }
        let start = Clock.now()
        emitter.emit(.gate(.held(before: step)))
        await opened.outcome(unless: other)
        emitter.emit(.gate(.released(took: Clock.now() - start)))
    }

    private func swap(for next: OneShotEvent?) {
        let opened = hold.withLock { hold in
            defer { hold = next }
            return hold
        }
        opened?.fire()
    }
}
