package import ShutdownTrace

/// One signal, a list of them, or all that a supervisor might send.
package struct SignalChoice: Hashable, Sendable {
    package let signals: [Signal]
    /// Whether it is a search for the program's graceful signal, of which one is enough.
    package let isSearch: Bool

    /// TERM and Ctrl-C; QUIT, which nginx takes as graceful; HUP of a closed terminal; USR1 of HAProxy; WINCH of Apache.
    package static let known: [Signal] = ["TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "WINCH"].compactMap {
        Signal($0)
    }

    package init(signals: [Signal], isSearch: Bool) {
        self.signals = signals
        self.isSearch = isSearch
    }
}
