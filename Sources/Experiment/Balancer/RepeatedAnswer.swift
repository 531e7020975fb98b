import NIOHTTP1
import ShutdownTrace

/// The last answer to a question that is asked again and again, and how often it came in a row.
struct RepeatedAnswer: Hashable, Sendable {
    /// The status of the last answer; nil where none came.
    private(set) var status: Int?
    /// Why none came.
    private(set) var cause = ""
    private(set) var count = 0

    /// Takes an answer; returns whether it differs from the one before.
    @discardableResult
    mutating func take(_ status: Int?, cause: String = "") -> Bool {
        let isNew = count == 0 || status != self.status || cause != self.cause
        self.status = status
        self.cause = cause
        count = isNew ? 1 : count + 1
        return isNew
    }

    /// "answered 404 Not Found, 12 times".
    var words: String {
        let answer =
            status.map { "answered \($0) \(HTTPResponseStatus(statusCode: $0).reasonPhrase)" }
            ?? "got no answer (\(cause))"
        return "\(answer), \(count == 1 ? "once" : "\(count) times")"
    }
}
