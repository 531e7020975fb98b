internal import Foundation
internal import Glibc
package import Platform
internal import Synchronization

/// A server of plain sockets that does to each connection exactly what a test asks for.
package final class RawServer: Sendable {
    /// What happens to one accepted connection.
    package enum Act: Sendable {
        /// Reads a request, sends these bytes, then ends as told.
        case answer(String, End)
        /// Says this before it has read anything, then ends as told.
        case greet(String, End)
        /// Ends before it has read anything.
        case vanish(End)
        /// Answers whatever comes, until the client leaves.
        case serve(String)
        /// Reads a request with the body that it announces, then answers and ends as told.
        case upload(String, End)
        /// Reads a request, answers the first with the first text, the next with the next; then ends as told.
        case inTurn([String], End)

        package enum End: Sendable { case fin, reset, stay }
    }

    package let port: Int
    private let listener: Int32
    /// Holds the same port of IPv4.
    private let reserved: Int32?
    private let seen = Mutex<[String]>([])
    private let accepted = Atomic(0)
    private let isStopped = Atomic(false)
    private let held = Mutex<[Int32]>([])
    private let beginnings = Mutex<[String]>([])
    /// A client left in the middle of a request.
    package let wasLeft = OneShotEvent()

    /// The requests that were read, in order.
    package var requests: [String] { seen.withLock { $0 } }

    /// What came of requests that were never finished.
    package var unfinished: [String] { beginnings.withLock { $0 } }

    /// Connections that were accepted.
    package var connections: Int { accepted.load(ordering: .relaxed) }

    /// Listens; without an act nobody ever accepts.
    ///
    /// - Throws: `POSIXError` when it cannot listen.
    package init(backlog: Int32 = 64, onIPv6: Bool = false, _ act: Act?) throws {
        // On IPv6 the same port of IPv4 is held, so that nobody else answers there.
        let held = onIPv6 ? try Wire.bound() : nil
        reserved = held?.descriptor
        (listener, port) = try Wire.bound(to: held?.port ?? 0, onIPv6: onIPv6)
        try Wire.listen(listener, backlog: backlog)
        guard let act else { return }
        Wire.serve(listener) { connection in
            self.accepted.add(1, ordering: .relaxed)
            self.play(act, connection)
        }
    }

    /// Nobody listens any more, and what was held open is closed; a second call does nothing, because other files may have
    /// these numbers by then.
    package func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        if let reserved { close(reserved) }
        for connection in held.withLock({ $0 }) { close(connection) }
    }

    private func play(_ act: Act, _ connection: Int32) {
        switch act {
        case .vanish(let end): self.end(connection, end)
        case .greet(let text, let end):
            send(text, connection)
            self.end(connection, end)
        case .answer(let text, let end):
            guard read(connection) else { return self.end(connection, .fin) }
            send(text, connection)
            self.end(connection, end)
        case .upload(let text, let end):
            guard readBody(connection) else { return self.end(connection, .fin) }
            send(text, connection)
            self.end(connection, end)
        case .inTurn(let texts, let end):
            for text in texts {
                guard read(connection) else { return self.end(connection, .fin) }
                send(text, connection)
            }
            self.end(connection, end)
        case .serve(let text):
            while read(connection) { send(text, connection) }
            close(connection)
        }
    }

    /// Reads up to the end of a head, and a body that came with it.
    private func read(_ connection: Int32) -> Bool {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while !text.contains("\r\n\r\n") {
            let count = Glibc.read(connection, &bytes, bytes.count)
            guard count > 0 else {
                beginnings.withLock { $0 += text.isEmpty ? [] : [text] }
                if !text.isEmpty { wasLeft.fire() }
                return false
            }
            text += String(decoding: bytes[..<count], as: UTF8.self)
        }
        seen.withLock { $0.append(text) }
        return true
    }

    /// Reads a head and then as many bytes as it announces.
    private func readBody(_ connection: Int32) -> Bool {
        guard read(connection), let text = requests.last, let head = text.firstRange(of: "\r\n\r\n") else {
            return false
        }
        let length = text.matches(of: /Content-Length: (\d+)/).first.flatMap { Int($0.1) } ?? 0
        var left = length - text[head.upperBound...].utf8.count
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while left > 0 {
            let count = Glibc.read(connection, &bytes, min(left, bytes.count))
            guard count > 0 else { return false }
            left -= count
        }
        return true
    }

    private func send(_ text: String, _ connection: Int32) {
        _ = Glibc.send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    }

    private func end(_ connection: Int32, _ end: Act.End) {
        switch end {
        case .fin: close(connection)
        case .stay: held.withLock { $0.append(connection) }
        case .reset:
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
            close(connection)
        }
    }
}

/// A whole answer.
package func http(_ status: String, _ body: String = "ok", _ header: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(header)\r\n\(body)"
}
