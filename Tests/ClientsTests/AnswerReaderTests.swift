import NIOCore
import Testing

@testable import Clients

@Suite(.timeLimit(.minutes(3))) struct `The reader of answers` {
    /// What is read of these bytes, given `size` at a time; bodies are joined.
    private func read(_ text: String, by size: Int = .max, method: String = "GET") -> [String] {
        var reader = AnswerReader()
        var said: [String] = []
        var rest = ByteBuffer(string: text)
        while var piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
            while let part = reader.next(from: &piece, method: method) {
                switch part {
                case .head(let head): said.append("\(head.status)\(head.isClosing ? " close" : "")")
                case .body(let bytes):
                    let text = String(buffer: bytes)
                    if let last = said.last, last.hasPrefix("\"") {
                        said[said.count - 1] = last + text
                    } else {
                        said.append("\"" + text)
                    }
                case .end: said.append("end")
                case .garbage: said.append("garbage")
                }
            }
        }
        return said
    }

    static let answers: [(String, [String])] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ["200", "\"ok", "end"]),
        ("HTTP/1.1 200\nContent-Length: 2\n\nok", ["200", "\"ok", "end"]),
        ("HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n", ["200 close"]),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive, Close\r\n\r\n", ["200 close", "end"]),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok", ["200", "\"ok", "end"]),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", ["garbage"]),
        ("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", ["garbage"]),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok", ["garbage"]),
        ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", ["200 close", "\"ok", "end"]),
        ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok", ["200", "\"ok", "end"]),
        ("HTTP/1.0 200 OK\r\n\r\nall until the end", ["200 close", "\"all until the end"]),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nall", ["200 close", "\"all"]),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n3\r\nabc\r\n00a;x=y\r\n0123456789\r\n0\r\nA: b\r\n\r\n",
            ["200", "\"abc0123456789", "end"]
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ["200", "garbage"]),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", ["200", "garbage"]),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", ["200", "\"a", "garbage"]),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
            ["204", "end"]
        ),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n", ["304", "end"]),
        ("HTTP/1.1 301 Moved Permanently\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", ["301", "end"]),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nb",
            ["200", "\"a", "end", "404", "\"b", "end"]
        ),
        ("SSH-2.0-OpenSSH_9.2\r\n", ["garbage"]),
        ("\u{15}\u{3}\u{1}", ["garbage"]),
        ("HTTP/2.0 200 OK\r\n", ["garbage"]),
        ("HTTP/1.1 abc OK\r\n", ["garbage"]),
        ("HTTP/1.1 20 OK\r\n", ["garbage"]),
    ]

    @Test(arguments: answers)
    func `knows where an answer ends, however it is cut into pieces`(answer: String, parts: [String]) {
        for size in [Int.max, 1, 2, 3, 7] { #expect(read(answer, by: size) == parts, "\(size) bytes at a time") }
    }

    @Test func `expects no body of a HEAD`() {
        #expect(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method: "HEAD") == ["200", "end"])
    }

    @Test func `gives up on a head without an end in bounded memory`() {
        let line = "A: " + String(repeating: "x", count: 997) + "\r\n"
        #expect(read("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 300)) == ["garbage"])
        #expect(read("HTTP/1.1 200 " + String(repeating: "x", count: 300_000), by: 4_096) == ["garbage"])
    }

    @Test func `reads who answered`() {
        var buffer = ByteBuffer(string: "HTTP/1.1 204 No Content\r\nX-Instance: 2\r\n\r\n")
        var reader = AnswerReader()
        #expect(
            reader.next(from: &buffer, method: "GET") == .head(.init(status: 204, isClosing: false, instance: 2)))
    }
}
