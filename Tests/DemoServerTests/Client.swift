import Glibc
import LifecycleTrace
import Platform
import Testing

@testable import DemoServer

/// A raw TCP client, so that a test sees exactly what is on the wire and how it ends.
final class Client: Sendable {
    private let descriptor: Int32

    /// How a connection ended.
    enum End: Equatable {
        case fin
        case reset
        /// Not within a minute.
        case never
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = withUnsafePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Refused(code: errno) }
        // A server that never ends a connection must fail a test, not stop it (socket(7), SO_RCVTIMEO).
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    struct Refused: Error, Equatable {
        var code: Int32
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) { _ = writeAll(bytes, to: descriptor) }

    /// Closes our half; answers still come.
    func finishSending() { Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

    func get(_ path: String, id: Int) {
        send("GET \(path) HTTP/1.1\r\nHost: test\r\nX-Request-Id: \(id)\r\n\r\n")
    }

    func pay(_ order: Int, query: String = "", key: String? = nil, id: Int) {
        let body = #"{"order":\#(order),"amount":100}"#
        let keyLine = key.map { "Idempotency-Key: \($0)\r\n" } ?? ""
        send(
            "POST /payments\(query) HTTP/1.1\r\nHost: test\r\nX-Request-Id: \(id)\r\n\(keyLine)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Reads until the server closes, and closes too, without holding up a thread that tasks need.
    @discardableResult
    func readToEnd() async -> (text: String, end: End) {
        await offThread {
            var all: [UInt8] = []
            var end: End?
            let limit = ContinuousClock.now + .seconds(60)
            while end == nil, ContinuousClock.now < limit {
                switch self.receive() {
                case .success(let bytes) where bytes.isEmpty:
                    Glibc.shutdown(self.descriptor, Int32(SHUT_RDWR))
                    end = .fin
                case .success(let bytes): all += bytes
                case .failure(let failure): end = failure.code == EAGAIN ? .never : .reset
                }
            }
            return (String(decoding: all, as: UTF8.self), end ?? .never)
        }
    }

    /// Reads until the text has come, or the end.
    @discardableResult
    func read(until mark: String) async -> String {
        await offThread {
            var all: [UInt8] = []
            while !String(decoding: all, as: UTF8.self).contains(mark) {
                guard case .success(let bytes) = self.receive(), !bytes.isEmpty else { break }
                all += bytes
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    /// Reads exactly so many bytes, or fewer at the end.
    func read(bytes count: Int) async -> [UInt8] {
        await offThread {
            var all: [UInt8] = []
            while all.count < count, case .success(let bytes) = self.receive(most: count - all.count), !bytes.isEmpty {
                all += bytes
            }
            return all
        }
    }

    /// Asks for a WebSocket and waits for the 101.
    func upgrade(id: Int) async -> String {
        send(
            "GET /ws HTTP/1.1\r\nHost: test\r\nX-Request-Id: \(id)\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        return await read(until: "\r\n\r\n")
    }

    private func receive(most: Int = 65_536) -> Result<[UInt8], Refused> {
        var buffer = [UInt8](repeating: 0, count: most)
        var count = recv(descriptor, &buffer, buffer.count, 0)
        while count < 0, errno == EINTR { count = recv(descriptor, &buffer, buffer.count, 0) }
        return count < 0 ? .failure(Refused(code: errno)) : .success(Array(buffer[..<count]))
    }
}

/// Runs something that blocks on a thread of its own.
func offThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        startThread { continuation.resume(returning: body()) }
    }
}
