import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// Holds a shutdown between two of its steps, so that a person can talk about what is next.
///
/// Only the steps stand still. What is in flight goes on, and no limit of a step runs, because the next step and its
/// limit have not begun; only a deadline of the service group for all of them, where there is one, runs on. The second
/// signal, which ends every wait, ends this one too.
final class Gate: Sendable {
    /// Open, or closed until the moment comes.
    private let hold = Mutex<Moment?>(nil)
    private let emitter: Emitter

    init(emitter: Emitter) {
        self.emitter = emitter
    }

    /// Holds whoever comes next.
    func close() {
        hold.withLock { $0 = $0 ?? Moment() }
    }

    /// Lets those who wait go on, and whoever comes after them pass.
    func open() { swap(for: nil) }

    /// Lets those who wait go on, and holds them before the next step.
    func step() { swap(for: Moment()) }

    /// Passes on to the next step, such as "the listener closes", unless it is held before it.
    func pass(to step: String, unless other: Moment) async {
        guard let moment = hold.withLock(\.self), !other.hasPassed else { return }
        let start = Clock.now()
        emitter.emit(.gate(.held(before: step)))
        await moment.wait(unless: other)
        emitter.emit(.gate(.released(took: Clock.now() - start)))
    }

    private func swap(for next: Moment?) {
        let moment = hold.withLock { hold in
            defer { hold = next }
            return hold
        }
        moment?.pass()
    }
}
