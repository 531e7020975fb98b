package import Platform

/// How many clients of each kind a server gets that is not the demo's: `slow=8,new=10,idle=2`.
package struct Mix: Hashable, Sendable {
    /// Requests that are always in flight: the next is sent when one is answered.
    package var slow = 8
    /// New connections a second, each with one request.
    package var new = 10
    /// Keep-alive connections that are used only now and then.
    package var idle = 2
    /// Connections that are never used.
    ///
    /// None by default, because they hold up many a good server, as a browser's preconnect does: Node's `close()` waits
    /// for them until its own time-out.
    package var silent = 0
    /// Requests that are never sent whole.
    ///
    /// None by default, because they hold up many a good server until its own time-out.
    package var half = 0
    /// Clients that send two requests in one write.
    package var pipelined = 1
    package var reader = 1
    /// Clients that upload slowly.
    ///
    /// None by default where the method brings no body: nobody asked for a `POST` then.
    package var upload = 0
    package var websocket = 1

    package init() {}

    private typealias Word = (name: String, path: WritableKeyPath<Mix, Int>, most: Int)

    private static var words: [Word] {
        [
            ("slow", \.slow, 10_000), ("new", \.new, 100), ("idle", \.idle, 1_000), ("silent", \.silent, 1_000),
            ("half", \.half, 1_000), ("pipelined", \.pipelined, 100), ("reader", \.reader, 100),
            ("upload", \.upload, 100), ("websocket", \.websocket, 1_000),
        ]
    }

    /// Reads a mix that a person wrote: kinds that are not named are as usual, or are 0 after a leading `none`.
    package init(_ text: String, usual: Mix = Mix()) throws(RunError) {
        self = usual
        var parts = text.split(separator: ",", omittingEmptySubsequences: false)[...]
        if parts.first == "none" {
            for word in Self.words { self[keyPath: word.path] = 0 }
            parts.removeFirst()
        }
        for part in parts { try set(part) }
        guard Self.words.contains(where: { self[keyPath: $0.path] > 0 }) else {
            throw .badPlan("The mix \"\(text)\" has no client in it, so nothing could be shown.")
        }
    }

    private mutating func set(_ part: Substring) throws(RunError) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = pair[0].filter { $0 != " " }
        guard let word = Self.words.first(where: { $0.name == name }) else {
            throw .badPlan(
                "The mix has no kind \"\(name)\"; it has \(Self.words.map(\.name).joined(separator: ", ")).")
        }
        guard pair.count == 2, let number = Int(pair[1].filter { $0 != " " }), (0...word.most).contains(number) else {
            throw .badPlan("The mix wants \(name)=NUMBER, from 0 to \(word.most), not \"\(part)\".")
        }
        self[keyPath: word.path] = number
    }
}
