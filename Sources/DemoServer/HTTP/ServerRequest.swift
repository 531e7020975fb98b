import LifecycleTrace
import NIOCore
import NIOHTTP1
import Platform
import ShutdownTrace
import Synchronization

/// One request, from its first line to the last byte of its answer; used on the event loop of its connection only.
final class ServerRequest {
    /// The client's number from `X-Request-Id`, or one that the server chose.
    let id: Int
    let head: HTTPRequestHead
    let path: Substring
    let started = Clock.now()
    var body: ByteBuffer?
    /// Set when the client left or the server gave up; no further work begins for the request then.
    let cancellation = Cancellation()

    /// The largest body that the server accepts, in bytes.
    static let longestBody = 64 * 1024

    private let query: Substring

    init(_ head: HTTPRequestHead) {
        self.head = head
        id = head.headers["x-request-id"].first.flatMap { Int($0) } ?? Self.makeID()
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0]
        query = parts.count > 1 ? parts[1] : ""
    }

    var isTooLong: Bool { (body?.readableBytes ?? 0) > Self.longestBody }

    func append(_ bytes: inout ByteBuffer) {
        guard !isTooLong else { return }
        if body == nil { body = bytes } else { body?.writeBuffer(&bytes) }
    }

    /// A whole number of the query, such as 300 of `?ms=300`; nil when it is missing, negative or no number.
    func number(_ name: String) -> Int? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0] == name else { continue }
            return Int(parts[1]).flatMap { $0 >= 0 ? $0 : nil }
        }
        return nil
    }

    /// A request's number, above any that a client uses.
    static func makeID() -> Int { nextID.add(1, ordering: .relaxed).newValue }

    private static let nextID = Atomic(1_000_000_000)
}

/// Whether a request was given up, readable from any thread.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() { flag.store(true, ordering: .relaxed) }
}

/// The answer to a request.
struct Answer: Sendable {
    var status: HTTPResponseStatus
    var body: ByteBuffer
    var type = "text/plain"
    /// So many bytes of filling follow the body.
    var filling = 0
    /// Whether the connection closes after it, whatever the client wants.
    var closes = false

    init(_ status: HTTPResponseStatus, _ text: String, type: String = "text/plain", closes: Bool = false) {
        self.status = status
        body = ByteBuffer(string: text)
        self.type = type
        self.closes = closes
    }

    static func json(_ status: HTTPResponseStatus, _ text: String) -> Answer {
        Answer(status, text, type: "application/json")
    }

    /// An answer in JSON that says what was wrong.
    static func fault(_ status: HTTPResponseStatus, _ text: String) -> Answer {
        json(status, #"{"error":"\#(text)"}"#)
    }
}
