package import Platform
import ShutdownTrace

/// What clients ask of a server other than the demo's, and what its answer must be.
package struct Target: Hashable, Sendable {
    package var url: LocalURL
    package var method: String
    private(set) var headers: [Request.Header] = []
    package var body = ""
    /// The size of a body that is uploaded slowly.
    package var uploadBytes = 262_144
    package var expectation: Expected?
    package var webSocket: String?

    package static let mostBytes = 64 << 20

    /// - Parameters:
    ///   - url: The URL of a page that takes its time, if the server has one.
    ///   - method: Nil means `POST` when there is a body, and `GET` otherwise.
    ///   - body: Sent with every request.
    /// - Throws: ``RunError/badPlan(_:)`` when it is no method.
    package init(_ url: LocalURL, method: String? = nil, body: String = "") throws(RunError) {
        self.url = url
        self.body = body
        self.method = method ?? (body.isEmpty ? "GET" : "POST")
        guard Self.isToken(self.method) else { throw .badPlan("\"\(self.method)\" is no HTTP method.") }
    }

    /// The same for a server on this port, which stands for `{port}` in its path.
    package func on(port: Int) -> Target {
        var target = self
        target.url.path = url.path.replacing("{port}", with: "\(port)")
        return target
    }

    /// Whether each request may have a body, so that an upload is one of them.
    package var takesBody: Bool { ["POST", "PUT", "PATCH"].contains(method) }

    /// "GET /slow?ms=1000".
    package var told: String { "\(method) \(url.path)" }

    /// Adds a header that a person wrote: `Accept: text/html`.
    package mutating func addHeader(_ text: String) throws(RunError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isToken(String(parts[0])), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { throw .badPlan("\"\(text)\" is no header. Write it as Name: value.") }
        guard !["content-length", "transfer-encoding", "connection"].contains(parts[0].lowercased()) else {
            throw .badPlan("The header \(parts[0]) is the client's own; it cannot be set.")
        }
        headers.append(.init(name: String(parts[0]), value: String(parts[1].drop { $0 == " " })))
    }

    /// A sentence about a status with which no work can be sent; nil for any other status.
    func complaint(status: Int) -> String? {
        if case .status(status)? = expectation { return nil }
        return switch status {
        case 300...399: "\(url) answers \(status), a redirect, which is not followed. Give the URL that it leads to."
        case 404: "\(url) answers 404: there is nothing. Give the URL of something that the server has."
        case 401, 403: "\(url) answers \(status). Give the credentials with --header, or a URL that needs none."
        case 405: "\(url) answers 405 to \(method). Give the right --method."
        case 400...499: "\(url) answers \(status). Give a request that the server accepts, or --expect \(status)."
        case 500...:
            "\(url) answers \(status) before any signal was sent. Give a URL that works, or --expect \(status)."
        default: nil
        }
    }

    func request(patience: Time) -> Request {
        Request(
            method: method, path: url.path, headers: headers, body: body, patience: patience, expectation: expectation)
    }

    /// The request with a body of the wanted size, sent evenly over this time.
    func upload(over spread: Time, patience: Time) -> Request {
        var request = request(patience: patience)
        if !takesBody { request.method = "POST" }
        request.padding = max(0, uploadBytes - body.utf8.count)
        request.spread = spread
        return request
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "z") || UInt8(ascii: "A") <= $0 && $0 <= UInt8(ascii: "Z")
                    || UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") || "!#$%&'*+-.^_`|~".utf8.contains($0)
            }
    }
}
