internal import Foundation
internal import Glibc
package import Synchronization

/// An instance of plain sockets: it passes every readiness probe while it is ready, and does with any other connection
/// what a test wants.
package final class Peer: Sendable {
    package let port: Int
    package let isReady = Atomic(true)
    private let listener: Int32
    private let accepted = Atomic(0)

    /// Connections that were no probes.
    package var connections: Int { accepted.load(ordering: .relaxed) }

    /// - Parameter serve: Gets each connection with the bytes that came first, on a thread of its own; it closes it.
    /// - Throws: `POSIXError` when it cannot listen.
    package init(_ serve: @escaping @Sendable (_ connection: Int32, _ first: String) -> Void) throws {
        (listener, port) = try Wire.bound()
        try Wire.listen(listener, backlog: 4_096)
        Wire.serve(listener) { self.greet($0, serve) }
    }

    /// Nobody listens any more.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func greet(_ connection: Int32, _ serve: (Int32, String) -> Void) {
        let first = Wire.read(connection) ?? ""
        guard first.hasPrefix("GET /readyz ") else {
            accepted.add(1, ordering: .relaxed)
            return serve(connection, first)
        }
        Wire.write(connection, http(isReady.load(ordering: .relaxed) ? "200 OK" : "503 Service Unavailable"))
        close(connection)
    }
}
