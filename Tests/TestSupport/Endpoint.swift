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
        let (descriptor, port) = try Wire.bound(onIPv6: isV6)
        try Wire.listen(descriptor, backlog: backlog)
        return Endpoint(descriptor: descriptor, port: port)
    }

    package static func connected(to port: Int, isV6: Bool = false) throws -> Endpoint {
        let (descriptor, own) = try Wire.connected(to: port, onIPv6: isV6)
        return Endpoint(descriptor: descriptor, port: own)
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
}
