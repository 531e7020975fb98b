import CustomDump
import NIOCore
import NIOPosix
import ShutdownTrace
import TestSupport
import Testing

@testable import Clients
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A client` {
    @Test(arguments: [
        ("200 OK", Fate.answered), ("404 Not Found", .answered), ("503 Service Unavailable", .unavailable),
        ("500 Internal Server Error", .failed),
    ])
    func `keeps whole answers apart by their status`(status: String, fate: Fate) async throws {
        let outcome = try await fateAgainst(.answer(http(status), .stay))
        #expect(outcome.fate == fate)
        #expect(outcome.bytes == 2)
    }

    @Test func `sees a close announced`() async throws {
        let outcome = try await fateAgainst(.answer(http("200 OK", "ok", "Connection: close\r\n"), .fin))
        #expect(outcome.fate == .answered)
        #expect(outcome.isClosing)
    }

    @Test func `tells a FIN without an answer from a reset`() async throws {
        #expect(try await fateAgainst(.answer("", .fin)).fate == .closedUnanswered)
        #expect(try await fateAgainst(.answer("", .reset)).fate == .resetUnanswered)
    }

    @Test(arguments: [RawServer.Act.End.fin, .reset])
    func `sees an answer that was cut`(end: RawServer.Act.End) async throws {
        #expect(try await fateAgainst(.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal", end)).fate == .cut)
        #expect(try await fateAgainst(.answer("HTTP/1.1 20", end)).fate == .cut)
    }

    @Test func `takes a body for the same in whatever pieces it comes`() async throws {
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        let pieces = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
        var digests: [Int?] = []
        for answer in [whole, pieces, whole.replacing("hello", with: "hallo")] {
            digests.append(try await fateAgainst(.answer(answer, .stay)).digest)
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }

    static let small = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"

    @Test(arguments: [small, chunked], [RawServer.Act.End.fin, .reset])
    func `sees an answer that was cut at any byte, and no other as cut`(
        answer: String, end: RawServer.Act.End
    ) async throws {
        for count in 0...answer.utf8.count {
            let outcome = try await fateAgainst(.answer(String(answer.utf8.prefix(count)) ?? "", end))
            let fate: Fate =
                switch count {
                case 0: end == .fin ? .closedUnanswered : .resetUnanswered
                case answer.utf8.count: .answered
                default: .cut
                }
            #expect(outcome.fate == fate, "after \(count) bytes")
        }
    }

    @Test(arguments: [
        (RawServer.Act.End.fin, Fate.unmarked), (.reset, .cut),
    ])
    func `does not call whole what has no marked end`(end: RawServer.Act.End, fate: Fate) async throws {
        let outcome = try await fateAgainst(.answer("HTTP/1.0 200 OK\r\n\r\nhello", end))
        #expect(outcome.fate == fate)
        #expect(outcome.status == 200)
        #expect(outcome.bytes == 5)
    }

    @Test(arguments: [
        ("HTTP/1.1 204 No Content\r\n\r\n", "GET", 204), ("HTTP/1.1 304 Not Modified\r\n\r\n", "GET", 304),
        ("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", "HEAD", 200),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "GET", 302),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", 200),
    ])
    func `needs no body where there is none`(answer: String, method: String, status: Int) async throws {
        let server = try RawServer(.answer(answer, .stay))
        defer { server.stop() }
        let outcome = try await withTraffic(port: server.port) {
            await $0.exchange(Request(method: method, path: "/", patience: .seconds(20)), kind: .fast)
        }
        #expect(outcome.fate == .answered)
        #expect(outcome.status == status)
    }

    @Test func `takes an interim answer for none`() async throws {
        let outcome = try await fateAgainst(.answer("HTTP/1.1 100 Continue\r\n\r\n", .fin))
        #expect(outcome.fate == .closedUnanswered)
    }

    @Test(arguments: ["\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}P", "220 mail.example ESMTP\r\n", "HTTP/1.1 banana\r\n\r\n"])
    func `calls garbage what is no HTTP, without waiting for its end`(bytes: String) async throws {
        #expect(try await fateAgainst(.answer(bytes, .stay)).fate == .garbled)
    }

    @Test(arguments: [
        (Expected.status(200), "200 OK", Fate.answered), (.status(200), "204 No Content", .failed),
        (.status(404), "404 Not Found", .answered), (.status(503), "503 Service Unavailable", .answered),
        (.status(200), "503 Service Unavailable", .unavailable), (.status(500), "500 Oops", .answered),
        (.text("ell"), "200 OK", .answered), (.text("elk"), "200 OK", .failed), (.text("ell"), "500 Oops", .failed),
        (.text("elk"), "503 Service Unavailable", .unavailable),
    ])
    func `counts as failed what is not what was expected`(
        expectation: Expected, status: String, fate: Fate
    ) async throws {
        let body = status.hasPrefix("204") ? "" : "hello"
        let server = try RawServer(.answer(http(status, body), .stay))
        defer { server.stop() }
        let outcome = try await withTraffic(port: server.port) {
            await $0.exchange(
                Request(path: "/", patience: .seconds(20), expectation: expectation), kind: .fast)
        }
        #expect(outcome.fate == fate)
        #expect((outcome.cause != nil) == (fate == .failed && !status.hasPrefix("500")))
    }

    @Test func `finds a text that comes in pieces`() {
        for cut in 0...5 {
            var finder = TextFinder("ell")
            finder.take(ByteBuffer(string: String("hello".prefix(cut))))
            finder.take(ByteBuffer(string: String("hello".dropFirst(cut))))
            #expect(finder.isFound)
        }
        var finder = TextFinder("ell")
        for _ in 0..<3 { finder.take(ByteBuffer(string: "el")) }
        #expect(!finder.isFound)
    }

    @Test func `takes an answer that comes before its body was sent, and uses the connection for no other`()
        async throws
    {
        let server = try RawServer(.answer(http("413 Content Too Large"), .stay))
        defer { server.stop() }
        let request = Request(
            method: "POST", path: "/", padding: 1 << 20, spread: .seconds(600), patience: .seconds(20))
        try await withTraffic(port: server.port) { traffic in
            let outcome = await traffic.exchange(request, kind: .upload, isFresh: false)
            #expect(outcome.fate == .answered)
            #expect(outcome.status == 413)
            let idle = await traffic.idleCount(.upload)
            #expect(idle == 0)
        }
    }

    @Test func `uploads all of a slow body`() async throws {
        let server = try RawServer(.upload(http("200 OK"), .fin))
        defer { server.stop() }
        let outcome = try await withTraffic(port: server.port) {
            await $0.exchange(
                Request(
                    method: "POST", path: "/", padding: 99_998, body: "{}", spread: .seconds(0.2),
                    patience: .seconds(20)), kind: .upload)
        }
        #expect(outcome.fate == .answered)
    }

    @Test func `reads a very large body in little memory`() async throws {
        // 64 MB, of which only the number is kept.
        let body = String(repeating: "x", count: 64 << 20)
        let outcome = try await fateAgainst(.answer(http("200 OK", body), .fin))
        #expect(outcome.fate == .answered)
        #expect(outcome.bytes == 64 << 20)
    }

    @Test(arguments: [
        ("", RawServer.Act.End.fin, Fate.answered, Fate.closedUnanswered), ("", .reset, .answered, .resetUnanswered),
        ("Connection: close\r\n", .fin, .answered, .notTaken), ("Connection: close\r\n", .reset, .answered, .notTaken),
    ])
    func `tells what became of the second of two pipelined requests`(
        header: String, end: RawServer.Act.End, first: Fate, second: Fate
    ) async throws {
        #expect(try await pipelined(.answer(http("200 OK", "ok", header), end)) == [first, second])
    }

    @Test(arguments: [
        ("HTTP/1.1 20", Fate.cut, Fate.closedUnanswered), ("", .closedUnanswered, .closedUnanswered),
        (small + small, .answered, .answered), (small + "H", .answered, .cut),
        (small + String(small.dropLast()), .answered, .cut),
        (small + "\u{15}", .answered, .garbled), ("HTTP/1.0 200 OK\r\n\r\nhello", .unmarked, .notTaken),
    ])
    func `gives each byte to the answer that it belongs to`(answer: String, first: Fate, second: Fate) async throws {
        #expect(try await pipelined(.answer(answer, .fin)) == [first, second])
    }

    private func pipelined(_ act: RawServer.Act) async throws -> [Fate] {
        let server = try RawServer(act)
        defer { server.stop() }
        let outcomes = try await withTraffic(port: server.port) {
            await $0.pipeline(Request(path: "/", patience: .seconds(20)))
        }
        #expect(server.requests.first.map { $0.matches(of: /GET/).count } == 2)
        return outcomes.map(\.fate)
    }

    @Test func `stops waiting for an answer that never comes`() async throws {
        #expect(try await fateAgainst(.answer("", .stay), patience: .seconds(0.05)).fate == .timedOut)
    }

    @Test func `sees that nobody listens`() async throws {
        let server = try RawServer(nil)
        server.stop()
        #expect(try await fate(on: server.port).fate == .refused)
    }

    @Test func `sees a pipe that breaks in the middle of a request`() async throws {
        let body = String(repeating: "x", count: 16 << 20)
        #expect(try await fateAgainst(.answer("", .reset), body: body).fate == .brokenPipe)
    }

    @Test func `is neither accepted nor refused by a full queue`() async throws {
        let server = try RawServer(backlog: 0, nil)
        defer { server.stop() }
        try await withTraffic(port: server.port, connectTimeout: .seconds(0.2)) { traffic in
            // The kernel takes backlog + 1 connections that nobody accepts.
            try await traffic.fillQueue()
            let outcome = await traffic.exchange(Request(path: "/", patience: .seconds(0.2)), kind: .fast)
            #expect(outcome.fate == .connectTimedOut)
        }
    }

    @Test func `is reset early on a connection that died while it was idle`() async throws {
        let server = try RawServer(.vanish(.reset))
        defer { server.stop() }
        try await withTraffic(port: server.port) { traffic in
            let fate = await traffic.fateOfDeadConnection()
            #expect(fate == .resetEarly)
        }
    }

    @Test func `is reset early when a connection is gone as soon as it is there`() {
        #expect(Outcome(connecting: ChannelError.ioOnClosedChannel).fate == .resetEarly)
        #expect(Outcome(connecting: ChannelError.connectTimeout(.seconds(1))).fate == .connectTimedOut)
    }

    @Test func `uses a connection again unless a close was announced`() async throws {
        let server = try RawServer(.serve(http("200 OK")))
        defer { server.stop() }
        try await withTraffic(port: server.port) { traffic in
            for _ in 0..<3 {
                await traffic.exchange(Request(path: "/", patience: .seconds(5)), kind: .fast, isFresh: false)
            }
            let idle = await traffic.idleCount(.fast)
            #expect(idle == 1)
        }
        #expect(server.requests.count == 3)
        #expect(server.requests.allSatisfy { $0.contains("X-Request-Id: ") })
    }

    private func fateAgainst(
        _ act: RawServer.Act, patience: Time = .seconds(20), body: String = ""
    ) async throws -> Outcome {
        let server = try RawServer(act)
        defer { server.stop() }
        return try await fate(on: server.port, patience: patience, body: body)
    }

    private func fate(on port: Int, patience: Time = .seconds(20), body: String = "") async throws -> Outcome {
        try await withTraffic(port: port) { traffic in
            await traffic.exchange(
                Request(method: body.isEmpty ? "GET" : "POST", path: "/", body: body, patience: patience), kind: .fast)
        }
    }
}
