internal import Foundation
internal import Glibc

/// Plain sockets on loopback, none of which blocks for longer than a minute.
package enum Wire {
    /// A socket on this port, 0 for a free one.
    ///
    /// - Throws: `POSIXError` with what bind(2) says.
    static func bound(to port: Int = 0, onIPv6: Bool = false) throws -> (descriptor: Int32, port: Int) {
        try make(port, onIPv6, bind)
    }

    /// - Throws: `POSIXError` with what connect(2) says.
    package static func connect(_ port: Int) throws -> Int32 { try connected(to: port).descriptor }

    static func connected(to port: Int, onIPv6: Bool = false) throws -> (descriptor: Int32, port: Int) {
        try make(port, onIPv6, Glibc.connect)
    }

    /// - Throws: `POSIXError` with what listen(2) says.
    static func listen(_ listener: Int32, backlog: Int32) throws {
        guard Glibc.listen(listener, backlog) == 0 else { throw failure() }
    }

    /// Gives each connection to the closure, on a thread of its own, until the listener is closed or nobody has come for a
    /// minute.
    static func serve(_ listener: Int32, _ serve: @escaping @Sendable (Int32) -> Void) {
        Thread.detachNewThread {
            var connection = accept(listener, nil, nil)
            while connection >= 0 {
                Thread.detachNewThread { [connection] in serve(connection) }
                connection = accept(listener, nil, nil)
            }
        }
    }

    /// Its own port is at the same place in addresses of both families.
    private static func make(
        _ port: Int, _ onIPv6: Bool, _ begin: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(onIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // What a listener accepts inherits the limit.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in6()
        address.sin6_port = UInt16(port).bigEndian
        if onIPv6 {
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_addr = in6addr_loopback
        } else {
            address.sin6_family = sa_family_t(AF_INET)
            address.sin6_flowinfo = UInt32(0x7F00_0001).bigEndian
        }
        var length = socklen_t(onIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let isMade = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                begin(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        if isMade { return (descriptor, Int(UInt16(bigEndian: address.sin6_port))) }
        defer { close(descriptor) }
        throw failure()
    }

    private static func failure() -> POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }

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
