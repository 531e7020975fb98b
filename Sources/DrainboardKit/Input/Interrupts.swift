import Foundation
import Synchronization
import Terminal
import UnixSignals

/// INT, TERM and HUP, held back until everything is cleaned up.
///
/// One that this process was started with as ignored stays ignored, as `nohup` and a shell's background job mean it.
final class Interrupts: Sendable {
    private let caught = Mutex<Int32?>(nil)

    /// The number of the first one that came.
    var first: Int32? { caught.withLock { $0 } }

    /// Looked at once, before a trap changes what there is to see.
    private static let trapped = [UnixSignal.sigint, .sigterm, .sighup].filter { !isIgnored($0.rawValue) }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        sigaction(signal, nil, &action)
        let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Traps the three signals from here on, for the rest of the process.
    ///
    /// - Parameter wake: Called on Swift's pool when one came.
    /// - Throws: Nothing in practice: the traps cannot fail.
    init(wake: @escaping @Sendable () -> Void) throws {
        let signals = try Console.wait { await UnixSignalsSequence(trapping: Self.trapped) }
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
