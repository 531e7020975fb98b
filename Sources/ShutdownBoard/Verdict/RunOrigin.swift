package import ShutdownTrace

/// What was done in a run, so that it can be done again: the command line, the URL, the version, the machine, the start.
///
/// An older recording, and another program's log, tell nothing of it.
package struct RunOrigin: Hashable, Sendable {
    /// One thing that is known.
    package enum Kind: String, Hashable, Sendable {
        /// Ready to be copied.
        case command
        case url = "URL"
        case began
        /// The version, and the machine.
        case maker = "made by"
    }

    /// One thing that is known, and what it is.
    package struct Row: Hashable, Sendable {
        package let kind: Kind
        package let text: String
        package var label: String { kind.rawValue }
    }

    package let facts: RunFacts
    private let started: String?

    package init(_ board: Board) {
        facts = board.facts
        started = board.header?.started
    }

    /// A row for each thing that is known, the command line ready to be copied.
    package var rows: [Row] {
        guard facts.invocation != nil || facts.version != nil else { return [] }
        let machine = facts.host.map { " on \($0)" } ?? ""
        let rows: [(Kind, String?)] = [
            (.command, facts.invocation?.description), (.url, facts.url), (.began, began),
            (.maker, facts.version.map { "drainboard \($0)\(machine)" }),
        ]
        return rows.compactMap { kind, text in text.map { Row(kind: kind, text: $0) } }
    }

    /// The same as the end of a description, with a blank before it; empty where nothing is known.
    package var sentence: String {
        rows.map { " \($0.label.prefix(1).uppercased())\($0.label.dropFirst()): \($0.text)." }.joined()
    }

    /// "2026-01-31 17:02:11 UTC".
    private var began: String? {
        guard let started, started.utf8.count >= 19 else { return nil }
        return started.prefix(19).replacing("T", with: " ") + " UTC"
    }
}
