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
        (listener, port) = try Self.listen()
        Thread.detachNewThread { [self, listener] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { self.greet(connection, serve) }
            }
        }
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

    private static func listen() throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Wire.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) != 0 || Glibc.listen(listener, 4_096) != 0
                    || getsockname(listener, $0, &length) != 0
            }
        }
        if failed { throw POSIXError(.EADDRINUSE) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// Plain sockets that block for some seconds at most.
package enum Wire {
    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// - Throws: `POSIXError` with what connect(2) says.
    package static func connect(_ port: Int) throws -> Int32 {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let failed = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
            }
        }
        guard failed else { return connection }
        let code = errno
        close(connection)
        throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL)
    }

    /// Raises the limit of open files as far as it goes, and returns it.
    package static func raiseFiles() -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// What comes next; empty at a FIN, nil after a reset.
    package static func read(_ connection: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(connection, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Everything up to the FIN; nil when there is a reset instead.
    package static func readAll(_ connection: Int32) -> String? {
        var text = ""
        while let next = read(connection) {
            if next.isEmpty { return text }
            text += next
        }
        return nil
    }

    @discardableResult
    package static func write(_ connection: Int32, _ text: String) -> Bool {
        Glibc.send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count
    }

    /// Ends it with an RST.
    package static func reset(_ connection: Int32) {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close(connection)
    }
}
