internal import ArgumentParser
internal import ShutdownTrace

/// One signal, a list of them, or all that a supervisor might send.
struct SignalChoice: Hashable, Sendable {
    let signals: [Signal]
    /// Whether it is a search for the program's graceful signal, of which one is enough.
    let isSearch: Bool

    /// TERM and Ctrl-C; QUIT, which nginx takes as graceful; HUP of a closed terminal; USR1 of HAProxy; WINCH of Apache.
    static let known: [Signal] = ["TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "WINCH"].compactMap { Signal($0) }

    /// Reads `TERM`, `TERM,INT,15` or `all`.
    ///
    /// - Throws: `ValidationError` for what is no signal.
    static func find(_ text: String) throws -> SignalChoice {
        if text.lowercased() == "all" { return SignalChoice(signals: known, isSearch: true) }
        var signals: [Signal] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let signal = try Signal.find(String(part))
            if !signals.contains(signal) { signals.append(signal) }
        }
        return SignalChoice(signals: signals, isSearch: false)
    }
}

/// So many seconds, or the wish to find them.
enum GraceChoice: Hashable, Sendable, ExpressibleByArgument {
    case seconds(Double)
    case find

    init?(argument: String) {
        if argument == "find" {
            self = .find
        } else if let seconds = try? Span.seconds(argument) {
            self = .seconds(seconds)
        } else {
            return nil
        }
    }
}
