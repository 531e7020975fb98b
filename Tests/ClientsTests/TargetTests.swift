import NIOCore
import ShutdownTrace
import TestSupport
import Testing

@testable import Clients
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A URL of a server on this machine` {
    @Test(arguments: [
        ("http://127.0.0.1:8080/slow?ms=1000", "127.0.0.1", 8080, "/slow?ms=1000", ["127.0.0.1"]),
        ("HTTP://LocalHost:3000", "localhost", 3000, "/", ["127.0.0.1", "::1"]),
        ("http://[::1]:3000/a#part", "[::1]", 3000, "/a", ["::1"]),
        ("http://localhost?x=1", "localhost", 80, "/?x=1", ["127.0.0.1", "::1"]),
        ("http://127.8.9.10/", "127.8.9.10", 80, "/", ["127.8.9.10"]),
        ("http://127.0.0.1:{port}/{port}", "127.0.0.1", nil, "/{port}", ["127.0.0.1"]),
        ("http://[::1]:{port}/", "[::1]", nil, "/", ["::1"]),
    ])
    func `is taken apart`(text: String, host: String, port: Int?, path: String, addresses: [String]) throws {
        let url = try LocalURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.addresses == addresses)
    }

    @Test(arguments: [
        ("https://localhost/", "TLS"), ("ftp://localhost/", "ftp://"), ("localhost:8080", "no URL"), ("", "no URL"),
        ("http://example.com/", "not this machine"), ("http://192.168.0.1/", "not this machine"),
        ("http://127.0.0.1.example.com/", "not this machine"), ("http://127.0.0.256/", "not this machine"),
        ("http://127.1/", "not this machine"), ("http://0.0.0.0:80/", "where a server listens"),
        ("http://[::]:80/", "where a server listens"), ("http:///x", "names no host"), ("http://", "names no host"),
        ("http://me:secret@localhost/", "user name"), ("http://localhost:0/", "no port"),
        ("http://localhost:65536/", "no port"), ("http://localhost:x/", "no port"), ("http://localhost:/", "no port"),
        ("http://localhost:+80/", "no port"), ("http://localhost:99999999999999999999/", "no port"),
        ("http://localhost/a b", "%20"), ("http://localhost/\r\nX: y", "%20"), ("http://localhost/ü", "%20"),
        ("http://[::1/", "not this machine"), ("ws://localhost/", "ws://"),
    ])
    func `that is none gets a sentence`(text: String, words: String) {
        let error = #expect(throws: RunError.self) { try LocalURL(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `gives the path of another on the same server only`() throws {
        let url = try LocalURL("http://localhost:8080/slow")
        #expect(try url.path("/readyz?full") == "/readyz?full")
        #expect(try url.path("http://127.0.0.1:8080/ok") == "/ok")
        #expect(try url.path("ws://localhost:8080/ws", webSocket: true) == "/ws")
        #expect(throws: RunError.self) { try url.path("http://127.0.0.1:8081/ok") }
        #expect(throws: RunError.self) { try url.path("readyz") }
    }
}

@Suite(.timeLimit(.minutes(3))) struct `A target` {
    private func target() throws -> Target { try Target(LocalURL("http://localhost:1/a")) }

    @Test func `takes the headers that a person writes, and no others`() throws {
        var target = try target()
        try target.addHeader("Accept: text/html")
        try target.addHeader("X-Empty:")
        #expect(target.headers == [.init(name: "Accept", value: "text/html"), .init(name: "X-Empty", value: "")])
        for bad in ["Accept", ": x", "A b: c", "A: b\r\nEvil: yes", "Content-Length: 5", "connection: close"] {
            #expect(throws: RunError.self) { try target.addHeader(bad) }
        }
        #expect(throws: RunError.self) { try Target(LocalURL("http://localhost/"), method: "GE T") }
    }

    @Test func `sends its body and its own Host`() throws {
        var target = try Target(LocalURL("http://localhost:1/a"), body: "{}")
        try target.addHeader("Host: shop.example")
        let head = String(buffer: target.request(patience: .zero).head(host: "localhost:1"))
        #expect(
            head
                == "POST /a HTTP/1.1\r\nUser-Agent: drainboard/0.1.0\r\nHost: shop.example\r\nContent-Length: 2\r\n\r\n"
        )
    }

    @Test func `names itself, unless the person gave it another name`() throws {
        var target = try Target(LocalURL("http://localhost:1/a"))
        func head() -> String { String(buffer: target.request(patience: .zero).head(host: "localhost:1")) }
        #expect(head() == "GET /a HTTP/1.1\r\nHost: localhost:1\r\nUser-Agent: drainboard/0.1.0\r\n\r\n")
        try target.addHeader("user-agent: mine")
        #expect(head() == "GET /a HTTP/1.1\r\nHost: localhost:1\r\nuser-agent: mine\r\n\r\n")
    }

    @Test(arguments: [200, 204])
    func `has no complaint about a success`(status: Int) throws {
        #expect(try target().complaint(status: status) == nil)
    }

    @Test(arguments: [301, 302, 401, 404, 405, 418, 500, 503])
    func `says what to do about any other status, unless it is expected`(status: Int) throws {
        var target = try target()
        #expect(target.complaint(status: status)?.contains("answers \(status)") == true)
        target.expectation = Expected("\(status)")
        #expect(target.complaint(status: status) == nil)
    }

    @Test func `expects a status or a text`() {
        #expect(Expected("200") == .status(200))
        #expect(Expected("2000") == .text("2000"))
        #expect(Expected("600") == .text("600"))
        #expect(Expected("hello") == .text("hello"))
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The mix` {
    @Test func `keeps the default of what is not named`() throws {
        let mix = try Mix("half=1, slow=20")
        #expect(mix.half == 1)
        #expect(mix.slow == 20)
        #expect(mix.new == Mix().new)
    }

    @Test func `does not hold a good server by itself`() { #expect(Mix().half == 0) }

    @Test func `uploads only where that was asked for`() throws {
        #expect(try Mix().upload == 0 && Mix("slow=2").upload == 0)
        #expect(try Mix("upload=2").upload == 2)
        var usual = Mix()
        usual.upload = 1
        #expect(try Mix("slow=2", usual: usual).upload == 1)
        #expect(try Mix("none,slow=2", usual: usual).upload == 0)
    }

    @Test func `can begin with nothing`() throws {
        let only = try Mix("none,half=3")
        #expect(only.half == 3)
        let others = [
            only.slow, only.new, only.idle, only.silent, only.pipelined, only.reader, only.upload, only.websocket,
        ]
        #expect(others == Array(repeating: 0, count: 8))
    }

    @Test(arguments: [
        ("fast=1", "no kind \"fast\""), ("slow", "slow=NUMBER"), ("slow=", "slow=NUMBER"), ("slow=-1", "0 to 10000"),
        ("new=101", "0 to 100"), ("idle=x", "idle=NUMBER"), ("slow=1.5", "slow=NUMBER"), ("", "no kind"),
        ("slow=1,,idle=1", "no kind"), ("none", "no client"), ("slow=99999999999999999999", "slow=NUMBER"),
    ])
    func `that is none gets a sentence`(text: String, words: String) {
        let error = #expect(throws: RunError.self) { try Mix(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `becomes a workload, with WebSockets only where there is a path for them`() throws {
        var target = try Target(LocalURL("http://localhost:1/a"))
        #expect(Workload.any(target: target).websockets == 0)
        target.webSocket = "/ws"
        let workload = Workload.any(target: target)
        #expect(workload.websockets == 1)
        #expect(workload.floor == 4)
        #expect(workload.halfSent == 0)
    }
}
