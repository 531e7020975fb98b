import NIOCore
import Platform
import ShutdownTrace

/// A request, and how its body is sent.
struct Request: Hashable, Sendable {
    struct Header: Hashable, Sendable {
        var name: String
        var value: String
    }

    var method = "GET"
    var path: String
    var headers: [Header] = []
    /// The number of spaces in front of the body, which JSON allows and which give the body its size.
    var padding = 0
    var body = ""
    /// The time over which the body is sent evenly; zero sends it at once.
    var spread = Time.zero
    var patience: Time
    /// What the answer must be; nil allows any.
    var expectation: Expected?

    var bytes: Int { padding + body.utf8.count }

    /// The first line and the headers, with `Host` and `User-Agent` unless the request has its own, and the empty line at the end.
    func head(host: String) -> ByteBuffer {
        var text = "\(method) \(path) HTTP/1.1\r\n"
        if !has("Host") { text += "Host: \(host)\r\n" }
        if !has("User-Agent") { text += "User-Agent: \(Program.userAgent)\r\n" }
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        // A body is expected of these methods (RFC 9110, section 8.6).
        let isNamed = bytes > 0 || ["POST", "PUT", "PATCH"].contains(method)
        if isNamed, !has("Content-Length") { text += "Content-Length: \(bytes)\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }

    /// The body in pieces; the pieces of the padding share their memory.
    func pieces(of most: Int) -> [ByteBuffer] {
        var pieces: [ByteBuffer] = []
        let page = ByteBuffer(repeating: UInt8(ascii: " "), count: min(most, padding))
        var left = padding
        while left > 0, let piece = page.getSlice(at: 0, length: min(left, page.readableBytes)) {
            pieces.append(piece)
            left -= piece.readableBytes
        }
        var rest = ByteBuffer(string: body)
        while let piece = rest.readSlice(length: min(most, rest.readableBytes)), piece.readableBytes > 0 {
            pieces.append(piece)
        }
        return pieces
    }

    private func has(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name.lowercased() } }
}

/// What an answer must be, besides whole.
package enum Expected: Hashable, Sendable {
    case status(Int)
    case text(String)

    /// `200` is a status, anything else a text.
    package init(_ text: String) {
        if text.utf8.count == 3, let status = Int(text), (100...599).contains(status) {
            self = .status(status)
        } else {
            self = .text(text)
        }
    }

    var isText: Bool { if case .text = self { true } else { false } }

    var words: String {
        switch self {
        case .status(let status): "not the expected status \(status)"
        case .text(let text): "the body lacks \"\(text)\""
        }
    }
}

/// Finds a text in a body that comes in pieces, in the memory of one piece and the text.
struct TextFinder {
    private let wanted: [UInt8]
    private var tail: [UInt8] = []
    private(set) var isFound: Bool

    init(_ text: String) {
        wanted = Array(text.utf8)
        isFound = wanted.isEmpty
    }

    mutating func take(_ piece: ByteBuffer) {
        guard !isFound else { return }
        tail += piece.readableBytesView
        isFound = tail.firstRange(of: wanted) != nil
        tail = Array(tail.suffix(wanted.count - 1))
    }
}
