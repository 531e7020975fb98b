package import Platform

/// An `http://` URL of a server on this machine: `http://127.0.0.1:8080/slow?ms=1000`, `http://localhost:{port}/`.
///
/// Only loopback is allowed, because a check sends its signal to a process on this machine.
package struct LocalURL: Hashable, Sendable, CustomStringConvertible {
    /// The name for the `Host` header: `localhost`, `127.0.0.1`, `[::1]`.
    package var host: String
    /// Nil where the URL says `{port}`: the run chooses one.
    package var port: Int?
    /// The path with its query, at least `/`; `{port}` in it is replaced in the run.
    package var path: String

    package var addresses: [String] {
        switch host {
        case "localhost": ["127.0.0.1", "::1"]
        case "[::1]": ["::1"]
        default: [host]
        }
    }

    package var description: String { "http://\(host):\(port.map(String.init) ?? "{port}")\(path)" }

    /// Reads a URL that a person wrote; the URL of a WebSocket may begin with `ws://` too.
    package init(_ text: String, webSocket: Bool = false) throws(RunError) {
        let rest = try Self.afterScheme(text, webSocket)
        let authority = rest.prefix { !"/?#".contains($0) }
        var path = rest.dropFirst(authority.count).prefix { $0 != "#" }
        if !path.hasPrefix("/") { path = "/" + path }
        guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badPlan("The URL \"\(text)\" has a character that must be written with %, such as %20 for a space.")
        }
        (host, port) = try Self.place(authority, text)
        self.path = String(path)
    }

    /// The path of another URL of the same server, `/readyz` or whole.
    package func path(_ text: String, webSocket: Bool = false) throws(RunError) -> String {
        if text.hasPrefix("/") { return try LocalURL("http://\(host):{port}\(text)").path }
        let other = try LocalURL(text, webSocket: webSocket)
        guard other.port == port else {
            throw .badPlan("\(text) must be on the same port as \(self): one server is checked.")
        }
        return other.path
    }

    private static func afterScheme(_ text: String, _ webSocket: Bool) throws(RunError) -> Substring {
        guard let mark = text.firstRange(of: "://") else {
            throw .badPlan("\"\(text)\" is no URL. Write it as http://127.0.0.1:8080/path.")
        }
        switch text[..<mark.lowerBound].lowercased() {
        case "http": break
        case "ws" where webSocket: break
        case "https", "wss":
            throw .badPlan("\"\(text)\" wants TLS, which is not supported. Let the server listen without it: http://.")
        case let scheme: throw .badPlan("\"\(text)\" begins with \(scheme)://; only http:// is supported.")
        }
        return text[mark.upperBound...]
    }

    private static func place(_ authority: Substring, _ text: String) throws(RunError) -> (String, Int?) {
        guard !authority.contains("@") else {
            throw .badPlan("\"\(text)\" has a user name in it. Send it as a header instead: Authorization.")
        }
        var name = authority
        var port: Substring = ":80"
        let end =
            authority.hasPrefix("[") ? authority.firstIndex(of: "]") ?? authority.startIndex : authority.startIndex
        if let colon = authority[end...].firstIndex(of: ":") {
            name = authority[..<colon]
            port = authority[colon...]
        }
        let host = name.lowercased()
        guard host == "localhost" || host == "[::1]" || isLoopback(host) else { throw elsewhere(host, text) }
        if port == ":{port}" { return (host, nil) }
        guard let number = Int(port.dropFirst()), port.dropFirst().allSatisfy(\.isNumber), (1...65535).contains(number)
        else { throw .badPlan("\"\(text)\" has no port from 1 to 65535. Write it as http://127.0.0.1:8080/path.") }
        return (host, number)
    }

    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
    }

    private static func elsewhere(_ host: String, _ text: String) -> RunError {
        if host.isEmpty { return .badPlan("\"\(text)\" names no host. Write it as http://127.0.0.1:8080/path.") }
        if host == "0.0.0.0" || host == "[::]" {
            return .badPlan("\(host) is where a server listens, not where it is asked. Write 127.0.0.1 instead.")
        }
        return .badPlan(
            "\(host) is not this machine. Only a server that is started here can be checked: 127.0.0.1, [::1] or localhost."
        )
    }
}
