package import ShutdownTrace

/// The signals of a check: one, a list, or all that a supervisor might send.
package struct SignalChoice: Hashable, Sendable {
    package let signals: [Signal]
    /// Whether the check searches for a graceful signal of the program, of which one is enough.
    package let isSearch: Bool

    /// TERM; INT of Ctrl-C; QUIT, which is graceful for nginx; HUP of a closed terminal; USR1 of HAProxy; WINCH of Apache.
    package static let known: [Signal] = ["TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "WINCH"].compactMap {
        Signal($0)
    }

    package init(signals: [Signal], isSearch: Bool) {
        self.signals = signals
        self.isSearch = isSearch
    }
}
