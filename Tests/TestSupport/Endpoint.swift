internal import Foundation
internal import Glibc
internal import Synchronization

/// One end of a TCP connection on loopback, or a listener, with blocking calls.
package final class Endpoint: Sendable {
    package let descriptor: Int32
    /// Its own.
    package let port: Int
    private let isClosed = Atomic(false)

    private init(descriptor: Int32, port: Int) {
        self.descriptor = descriptor
        self.port = port
    }

    package static func listening(backlog: Int32 = 16, isV6: Bool = false) throws -> Endpoint {
        try make(isV6, port: 0) { bind($0, $1, $2) == 0 && listen($0, backlog) == 0 }
    }

    package static func connected(to port: Int, isV6: Bool = false) throws -> Endpoint {
        try make(isV6, port: port) { connect($0, $1, $2) == 0 }
    }

    package func accepted() -> Endpoint { Endpoint(descriptor: accept(descriptor, nil, nil), port: port) }

    package func send(_ count: Int) {
        _ = Glibc.send(descriptor, [UInt8](repeating: 120, count: count), count, Int32(MSG_NOSIGNAL))
    }

    package func read(_ count: Int) {
        var bytes = [UInt8](repeating: 0, count: count)
        _ = recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
    }

    /// Writes until nobody takes any more.
    package func fill() {
        let bytes = [UInt8](repeating: 120, count: 65_536)
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        while Glibc.send(descriptor, bytes, bytes.count, flags) > 0 {}
    }

    /// Reads until nothing comes for a while.
    package func drain() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&wait, 1, 300) > 0, Glibc.read(descriptor, &bytes, bytes.count) > 0 {}
    }

    package func shut() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes it once: after that, another file may have its number.
    package func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { _ = Glibc.close(descriptor) }
    }

    private static func make(
        _ isV6: Bool, port: Int, _ begin: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) throws -> Endpoint {
        let descriptor = socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var storage = sockaddr_storage()
        var length = socklen_t(isV6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let own: Int? = withUnsafeMutablePointer(to: &storage) { pointer in
            if isV6 {
                pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    $0.pointee.sin6_family = sa_family_t(AF_INET6)
                    $0.pointee.sin6_addr = in6addr_loopback
                    $0.pointee.sin6_port = UInt16(port).bigEndian
                }
            } else {
                pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    $0.pointee.sin_family = sa_family_t(AF_INET)
                    $0.pointee.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                    $0.pointee.sin_port = UInt16(port).bigEndian
                }
            }
            return pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard begin(descriptor, address, length), getsockname(descriptor, address, &length) == 0 else {
                    return nil
                }
                // The port stands at the same place in both families.
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
        guard let own else { throw POSIXError(.ECONNREFUSED) }
        return Endpoint(descriptor: descriptor, port: own)
    }
}
