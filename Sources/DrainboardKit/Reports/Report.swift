import Foundation
package import ShutdownBoard
import ShutdownTrace

/// The verdict of one run, ready to be printed as text, JSON or JUnit.
///
/// `VerdictFormat.md` documents the JSON field by field.
package struct Report: Encodable {
    static let version = 1

    let drainboard = Self.version
    let verdict: String
    let graceful: Bool
    let title: String
    let command: String
    @OrNull private(set) var signal: String?
    let headline: String
    @OrNull private(set) var exit: Exit?
    let requests: [String: Int]
    let requestsAfterSignal: [String: Int]
    let numbers: [String: Double?]
    let ledger: Payments?
    let rules: [Rule]
    let evidence: [Evidence]
    let lesson: String
    /// What the server printed last besides its trace, lines that tell of trouble first.
    let output: [String]
    @OrNull private(set) var framework: Framework?
    let recording: String?
    @OrNull private(set) var started: String?
    @OrNull private(set) var invocation: String?
    @OrNull private(set) var url: String?
    @OrNull private(set) var options: [String]?
    @OrNull private(set) var version: String?
    @OrNull private(set) var host: String?
    /// What was done to make the run.
    let origin: RunOrigin
    /// The payment truth matrix, where there is one.
    let payments: PaymentTable?
    /// The most important rules that did not hold.
    let toMend: [Rule]
    /// Whether this is the demo server, whose lessons say themselves how they are mended.
    private let isOfDemo: Bool

    private enum CodingKeys: CodingKey {
        case drainboard, verdict, graceful, title, command, signal, headline, exit, requests, requestsAfterSignal,
            numbers, ledger, rules, evidence, lesson, output, framework, recording, started, invocation, url,
            options, version, host
    }

    struct Framework: Encodable {
        var name, evidence: String

        init(_ recognised: ShutdownBoard.Framework.Recognised) {
            name = recognised.framework.rawValue
            evidence = recognised.evidence
            words = "made with \(recognised.framework.name): \(recognised.evidence.prefix(120))"
        }

        /// As the text says it.
        let words: String

        private enum CodingKeys: CodingKey { case name, evidence }
    }

    struct Exit: Encodable {
        var code: Int?
        var signal: String?
        var words: String
    }

    struct Payments: Encodable {
        var charged, acknowledged, lost, twice, ambiguous, replayed: Int
        var failure: String?
        /// The number of payments with 0, 1, and 2 or more rows, by what the client believes.
        var matrix: [String: [Int]]?
        var bad: [BadCell]?
    }

    struct BadCell: Encodable {
        var belief, meaning: String
        var rows, count: Int
        var payments: [Payment]
    }

    struct Payment: Encodable {
        var order: Int
        var requests: [String]
    }

    struct Rule: Encodable {
        var name: RuleName
        var sentence: String
        @OrNull var held: Bool?
        var evidence: String
        /// How to mend it, of a rule that did not hold.
        var advice: String?

        init(_ rule: Verdict.Rule, isOfDemo: Bool) {
            name = rule.name
            sentence = rule.name.sentence
            _held = OrNull(wrappedValue: rule.held)
            evidence = rule.evidence
            advice = isOfDemo ? nil : rule.advice
        }
    }

    struct Evidence: Encodable {
        var label, text: String
    }

    package init(_ board: Board, recording: String?) {
        let judge = Judge(board)
        let judged = judge.verdict
        let isOfDemo = board.isOfDemo
        verdict = judged.word.rawValue
        graceful = judged.word.isGraceful
        title = board.title
        command = board.header?.command ?? ""
        _signal = OrNull(wrappedValue: board.stopSignal?.signal.name)
        headline = judged.headline
        _exit = OrNull(wrappedValue: judged.exit.map(Exit.init))
        requests = Self.counts(board.requests.fatesAtSignal)
            .merging(["inFlightAtSignal": board.requests.countAtSignal]) { $1 }
        requestsAfterSignal = Self.counts(board.traffic.fatesAfterSignal)
        numbers = Dictionary(uniqueKeysWithValues: Numbers.Name.allCases.map { ($0.rawValue, judged.numbers[$0]) })
        let table = judge.paymentTable
        payments = table
        ledger = board.ledger.audit.map { Payments($0, replayed: board.ledger.replayed, table) }
        rules = judged.rules.map { Rule($0, isOfDemo: isOfDemo) }
        toMend = isOfDemo ? [] : judged.mending.prefix(3).map { Rule($0, isOfDemo: false) }
        evidence = judged.evidence.map { Evidence(label: $0.label, text: $0.text) }
        lesson = judged.lesson
        framework = judged.framework.map(Framework.init)
        output = board.process.printed.shown(PrintedLines.longest)
        origin = RunOrigin(board)
        let facts = origin.facts
        _started = OrNull(wrappedValue: board.header.map(\.started).flatMap { $0.isEmpty ? nil : $0 })
        _invocation = OrNull(wrappedValue: facts.invocation?.description)
        _url = OrNull(wrappedValue: facts.url)
        _options = OrNull(wrappedValue: facts.invocation?.options)
        _version = OrNull(wrappedValue: facts.version)
        _host = OrNull(wrappedValue: facts.host)
        self.isOfDemo = isOfDemo
        self.recording = recording
    }

    private static func counts(_ fates: [Fate: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: Fate.allCases.map { ($0.rawValue, fates[$0] ?? 0) })
    }

    /// One object, keys sorted; what a terminal could take for a command is spelled `\u009b`.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return text.unicodeScalars.map { isHarmless($0) ? String($0) : spelled($0) }.joined()
    }

    /// The encoder itself spells what is below a blank, and the line ends are its own.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x7F || scalar.value > 0x9F && scalar.properties.generalCategory != .format
    }

    private static func spelled(_ scalar: Unicode.Scalar) -> String {
        scalar.utf16.map { String(format: "\\u%04x", Int($0)) }.joined()
    }
}

extension RuleName: Encodable {}

/// A value that JSON shows as null where there is none, instead of leaving its key out.
@propertyWrapper
struct OrNull<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension Report.Exit {
    init(_ status: ExitStatus) {
        switch status {
        case .exited(let code): self.init(code: code, signal: nil, words: status.words)
        case .signaled(let signal, _): self.init(code: nil, signal: signal.name, words: status.words)
        }
    }
}

extension Report.Payments {
    init(_ audit: Ledger.Audit, replayed: Int, _ table: PaymentTable?) {
        self.init(
            charged: audit.charged, acknowledged: audit.acknowledged, lost: audit.lost, twice: audit.twice,
            ambiguous: audit.ambiguous, replayed: replayed, failure: audit.failure)
        guard let table else { return }
        matrix = Dictionary(uniqueKeysWithValues: table.rows.map { ($0.belief.rawValue, $0.counts) })
        bad = table.bad.map { cell in
            Report.BadCell(
                belief: cell.belief.rawValue, meaning: cell.meaning.rawValue, rows: cell.rows, count: cell.count,
                payments: cell.payments.map { Report.Payment(order: $0.order, requests: $0.requests) })
        }
    }
}
