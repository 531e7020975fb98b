import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace

/// How a report reads: as text for a person, and as JUnit for a build server.
extension Report {
    package enum Format: String, CaseIterable {
        case text, json, junit
    }

    package func formatted(_ format: Format, ascii: Bool) throws -> String {
        switch format {
        case .text: text(ascii: ascii)
        case .json: try Self.json(self)
        case .junit: Self.junit([self])
        }
    }

    private func text(ascii: Bool) -> String {
        var lines = ["\(verdict)   \(headline)", ""]
        let labels = evidence.map(\.label.count).max() ?? 0
        for item in evidence {
            lines.append(item.label.padding(toLength: labels, withPad: " ", startingAt: 0) + "   " + item.text)
        }
        lines += [""] + paymentLines(ascii)
        let shown = rules.filter { isOfDemo || $0.held != nil || !Self.untold.contains($0.name) }
        let names = shown.map(\.sentence.count).max() ?? 0
        for rule in shown {
            let sentence = rule.sentence.padding(toLength: names, withPad: " ", startingAt: 0)
            lines.append("\(Self.glyph(rule.held, ascii)) \(sentence)   \(rule.evidence)")
        }
        lines += ["", lesson]
        if !toMend.isEmpty { lines += ["", "to mend"] }
        for pair in toMend { lines += ["  not held: \(pair[0])"] + Self.wrapped(pair[1]).map { "    \($0)" } }
        if let recording { lines += ["", "recorded in \(recording)"] }
        return lines.map { ascii ? asciiOnly(printable($0)) : printable($0) }.joined(separator: "\n")
    }

    /// The truth matrix, and the payments that fell into a bad cell of it.
    private func paymentLines(_ ascii: Bool) -> [String] {
        guard let payments else { return [] }
        let table = [PaymentTable.heads] + payments.rows.map { [$0.belief.rawValue] + $0.cells }
        let widths = PaymentTable.heads.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let lines = table.map { row in
            zip(row.dropLast(), widths).map { $0.padded(right: $1) + "   " }.joined() + (row.last ?? "")
        }
        return lines + payments.bad.map { "\(Self.glyph(false, ascii)) \($0.sentence)" } + [""]
    }

    /// Rules about which only a server that tells of itself can make anybody know.
    private static let untold: Set<String> = Set(
        [
            RuleName.jobsSettled, .releasedInOrder, .notForced, .noPaymentLost, .noPaymentTwice, .noPaymentInDoubt,
            .databaseClosed, .databaseUnused, .logComplete, .deployLostNothing, .traceComplete,
        ].map(\.rawValue))

    /// In lines of at most 100 characters.
    private static func wrapped(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + word.count < 100 {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    private static func glyph(_ held: Bool?, _ ascii: Bool) -> String {
        switch held {
        case true?: ascii ? "[x]" : "✓"
        case false?: ascii ? "[!]" : "✗"
        case nil: ascii ? "[?]" : "?"
        }
    }

    /// A suite for each run, and one test case a rule; a rule that nobody can know about is skipped, and says why.
    package static func junit(_ reports: [Report]) -> String {
        let (tests, failures) = reports.reduce((0, 0)) { ($0.0 + $1.rules.count + 1, $0.1 + $1.failureCount) }
        let head = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<testsuites name="drainboard" tests="\#(tests)" failures="\#(failures)" errors="0">"#,
        ]
        let isOne = reports.count == 1
        return
            (head + reports.flatMap { $0.suite(isOne ? $0.title : "\($0.title) \($0.signal ?? "")") } + [
                "</testsuites>"
            ]).joined(separator: "\n")
    }

    private var failureCount: Int { rules.count { $0.held == false } + (graceful ? 0 : 1) }

    private func suite(_ name: String) -> [String] {
        let skipped = rules.count { $0.held == nil }
        var lines = [
            #"  <testsuite name="\#(Self.escape(name))" tests="\#(rules.count + 1)" failures="\#(failureCount)" "#
                + #"errors="0" skipped="\#(skipped)" time="\#(seconds)">"#
        ]
        lines.append(testCase("verdict: \(verdict)", graceful, headline, lesson))
        lines += rules.map { testCase($0.sentence, $0.held, $0.evidence, $0.advice) }
        return lines + ["  </testsuite>"]
    }

    /// From the signal to the exit.
    private var seconds: String { String(format: "%.3f", ((numbers["signalToExitMs"] ?? nil) ?? 0) / 1_000) }

    private func testCase(_ name: String, _ held: Bool?, _ evidence: String, _ advice: String?) -> String {
        let open = #"    <testcase classname="\#(Self.escape(title))" name="\#(Self.escape(name))""#
        return switch held {
        case true?: open + "/>"
        case false?:
            open
                + #"><failure type="rule" message="\#(Self.escape(evidence + (advice.map { ". To mend: \($0)" } ?? "")))"/>"#
                + "</testcase>"
        case nil: open + #"><skipped message="\#(Self.escape(evidence))"/></testcase>"#
        }
    }

    private static func escape(_ text: String) -> String {
        printable(text).replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
    }
}
