import Clients
import Platform
import ShutdownTrace

/// How many files a run has open at once.
extension Plan {
    /// Rejects a plan that needs more open files than this process may have; takes what it may have.
    ///
    /// A connection that could not be made for want of a descriptor would look like the server's refusal.
    func requireOpenFiles() throws(RunError) {
        let limit = OpenFiles.raise()
        let needed = OpenFiles.count + openFiles
        if needed > limit { throw .tooFewFiles(limit: limit, needed: needed) }
    }

    /// Pipes, descriptors of processes, sockets of the kernel, timers and files of one run.
    private static let base = 32
    /// The same for the second instance and the balancer.
    private static let replacementBase = 24

    /// What a run with this plan opens at most, in the usual course of things.
    private var openFiles: Int {
        // In front of a connection to an instance the balancer of this process holds one from the client.
        let ends = replacement != nil && balancerKind == .proxy ? 3 : 1
        return Self.base + recordings.count + workload.connections * ends
            + (replacement == nil ? 0 : Self.replacementBase)
    }
}
