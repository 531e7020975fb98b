import Foundation
import Synchronization
import Terminal
import UnixSignals

/// INT, TERM and HUP, held back until everything is cleaned up.
final class Interrupts: Sendable {
    private let caught = Mutex<Int32?>(nil)

    /// The number of the first one that came.
    var first: Int32? { caught.withLock { $0 } }

    /// Traps the three signals from here on, for the rest of the process.
    ///
    /// - Parameter wake: Called on Swift's pool when one came.
    /// - Throws: Nothing in practice: the traps cannot fail.
    init(wake: @escaping @Sendable () -> Void) throws {
        let signals = try Console.wait { await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) }
        Task { [self] in
            for await signal in signals {
                caught.withLock { $0 = $0 ?? signal.rawValue }
                wake()
            }
        }
    }

    /// Ends this process by the first one that came, so that its parent sees the cause; returns when none did.
    func dieByFirst() { if let first { Terminal.die(by: first) } }
}
