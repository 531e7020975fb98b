internal import ShutdownTrace

/// Two runs beside each other: the same questions, both answers, on one clock that starts at the signal.
package struct Comparison: Hashable, Sendable {
    /// One question.
    package struct Row: Hashable, Sendable {
        package var label: String
        package var left: String
        package var right: String

        package var differs: Bool { left != right }
    }

    /// Questions of one kind.
    package struct Section: Hashable, Sendable {
        package var title: String
        package var rows: [Row]
    }

    /// The answer to a question where there is none.
    package static let nothing = "–"

    package var sections: [Section]

    /// Nil when the runs have nothing in common: one of them shows neither a signal nor an end.
    ///
    /// - Parameters:
    ///   - left: The last board of one run.
    ///   - right: The last board of the other.
    package init?(_ left: Board, _ right: Board) {
        guard left.shutdownStart != nil, right.shutdownStart != nil else { return nil }
        let one = Judge(left).verdict
        let other = Judge(right).verdict
        sections = [
            Section(title: "the runs", rows: Self.heads(left, right)),
            Section(
                title: "the verdict",
                rows: [
                    Row(label: "word", left: one.word.rawValue, right: other.word.rawValue),
                    Row(label: "end", left: one.headline, right: other.headline),
                ]),
            Section(
                title: "requests in flight at the signal",
                rows: Self.fates(left.requests.fatesAtSignal, right.requests.fatesAtSignal)),
            Section(
                title: "requests that came after it",
                rows: Self.fates(left.traffic.fatesAfterSignal, right.traffic.fatesAfterSignal)),
            Section(title: "payments", rows: Self.payments(left.ledger, right.ledger)),
            Section(title: "seconds since the signal", rows: Self.moments(left, right)),
            Section(title: "times", rows: Self.numbers(one.numbers, other.numbers)),
            Section(title: "rules that differ", rows: Self.rules(one, other)),
        ].filter { !$0.rows.isEmpty }
    }

    private static func heads(_ left: Board, _ right: Board) -> [Row] {
        func seed(_ board: Board) -> String { board.facts.seed.map(String.init) ?? nothing }
        func signals(_ board: Board) -> String { board.signals.sent.map(\.signal.name).joined(separator: ", ") }
        return [
            Row(label: "server", left: left.title, right: right.title),
            Row(label: "seed of the traffic", left: seed(left), right: seed(right)),
            Row(label: "signals", left: signals(left), right: signals(right)),
        ]
    }

    private static func fates(_ left: [Fate: Int], _ right: [Fate: Int]) -> [Row] {
        Fate.allCases.compactMap { fate in
            let one = left[fate] ?? 0
            let other = right[fate] ?? 0
            return one + other == 0 ? nil : Row(label: fate.words, left: one.grouped, right: other.grouped)
        }
    }

    private static func payments(_ left: Ledger, _ right: Ledger) -> [Row] {
        guard left.audit != nil || right.audit != nil else { return [] }
        func row(_ label: String, _ count: (Ledger.Audit) -> Int) -> Row {
            Row(
                label: label, left: left.audit.map { count($0).grouped } ?? nothing,
                right: right.audit.map { count($0).grouped } ?? nothing)
        }
        let sums = [
            row("charged", \.charged), row("acknowledged", \.acknowledged), row("lost", \.lost), row("twice", \.twice),
            row("in doubt", \.ambiguous),
        ]
        let orders = Set((left.findings + right.findings).map(\.order)).sorted().prefix(8)
        return sums
            + orders.map { order in
                Row(label: "order \(order)", left: left.words(of: order), right: right.words(of: order))
            }
    }

    private static func moments(_ left: Board, _ right: Board) -> [Row] {
        let one = moments(of: left)
        let other = moments(of: right)
        // A station that only one run reached stands after the one before it.
        var names = one.map(\.name)
        for (index, moment) in other.enumerated() where !names.contains(moment.name) {
            let before = other[..<index].last.flatMap { names.firstIndex(of: $0.name) } ?? -1
            names.insert(moment.name, at: before + 1)
        }
        func text(_ moments: [(name: String, at: Time)], _ name: String) -> String {
            moments.first { $0.name == name }.map { $0.at.decimals(3) } ?? nothing
        }
        return names.map { Row(label: $0, left: text(one, $0), right: text(other, $0)) }
    }

    private static func numbers(_ left: Numbers, _ right: Numbers) -> [Row] {
        Numbers.Name.allCases.compactMap { name in
            guard left[name] != nil || right[name] != nil else { return nil }
            return Row(label: name.words, left: left.text(name) ?? nothing, right: right.text(name) ?? nothing)
        }
    }

    private static func rules(_ left: Verdict, _ right: Verdict) -> [Row] {
        func text(_ rule: Verdict.Rule?) -> String {
            switch rule?.finding {
            case .held(let words)?: "held, \(words)"
            case .failed(let words)?: "failed, \(words)"
            case .unknown(let why)?: "unknown, \(why)"
            case .inapplicable?, nil: nothing
            }
        }
        return RuleName.allCases.compactMap { name in
            let one = left[name]
            let other = right[name]
            guard one?.held != other?.held else { return nil }
            return Row(label: name.sentence, left: text(one), right: text(other))
        }
    }
}

extension Comparison {
    /// What happened on the way down, since the signal, in order.
    private static func moments(of board: Board) -> [(name: String, at: Time)] {
        guard let start = board.shutdownStart else { return [] }
        let stations: [(String, Time?)] = [
            ("out of rotation", board.rotation.leftAt), ("listener closed", board.listener.closedAt),
            ("last answer", board.requests.lastAnswerAt), ("drain over", board.shutdown.drainEndedAt),
            ("forced", board.shutdown.forced?.at), ("grace period over", board.shutdown.graceExpiredAt),
        ]
        let releases: [(String, Time?)] = board.resources.stack.map { resource in
            if case .released(let at, _) = resource.state { ("\(resource.name) released", at) } else { ("", nil) }
        }
        return (stations + releases + [("exit", board.process.exit?.at)])
            .compactMap { name, at in at.map { (name, $0 - start) } }
            .filter { $0.1 >= .zero }.sorted { $0.1 < $1.1 }
    }
}

extension Ledger {
    fileprivate func words(of order: Int) -> String {
        guard let finding = findings.first(where: { $0.order == order }) else { return "right" }
        return "\(finding.cell?.rawValue ?? "right"): client \(finding.told.rawValue), \(counted(finding.rows, "row"))"
    }
}
