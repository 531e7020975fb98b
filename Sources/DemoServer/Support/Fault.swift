import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace

/// Something outside the server that went wrong, as a sentence: what happened, where, and what to do.
struct Fault: Error {
    let text: String

    init(_ text: String) { self.text = text }

    /// The operating system's words for an errno.
    static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}

extension Emitter {
    /// Writes a fault to the trace and to standard error.
    func report(_ fault: Fault) {
        emit(.trace(.faultReported(fault.text)))
        _ = writeAll(Array("drainboard: \(fault.text)\n".utf8), to: 2)
    }
}
