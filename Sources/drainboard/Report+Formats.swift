internal import Foundation
internal import Screen
internal import ShutdownBoard

/// How a report reads: as text for a person, and as JUnit for a build server.
extension Report {
    enum Format: String, CaseIterable {
        case text, json, junit
    }

    func formatted(_ format: Format, ascii: Bool) throws -> String {
        switch format {
        case .text: text(ascii: ascii)
        case .json: try json
        case .junit: junit
        }
    }

    private func text(ascii: Bool) -> String {
        var lines = ["\(verdict)   \(headline)", ""]
        let labels = evidence.map(\.label.count).max() ?? 0
        for item in evidence {
            lines.append(item.label.padding(toLength: labels, withPad: " ", startingAt: 0) + "   " + item.text)
        }
        lines.append("")
        let names = rules.map(\.sentence.count).max() ?? 0
        for rule in rules {
            let sentence = rule.sentence.padding(toLength: names, withPad: " ", startingAt: 0)
            lines.append("\(Self.glyph(rule.held, ascii)) \(sentence)   \(rule.evidence)")
        }
        lines += ["", lesson]
        if let recording { lines += ["", "recorded in \(recording)"] }
        return lines.map { ascii ? asciiOnly(printable($0)) : printable($0) }.joined(separator: "\n")
    }

    private static func glyph(_ held: Bool?, _ ascii: Bool) -> String {
        switch held {
        case true?: ascii ? "[x]" : "✓"
        case false?: ascii ? "[!]" : "✗"
        case nil: ascii ? "[?]" : "?"
        }
    }

    /// One test case a rule; a rule that nobody can know about is skipped, and says why.
    private var junit: String {
        let failures = rules.count { $0.held == false } + (graceful ? 0 : 1)
        let skipped = rules.count { $0.held == nil }
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<testsuites name="drainboard" tests="\#(rules.count + 1)" failures="\#(failures)" errors="0">"#,
            #"  <testsuite name="\#(Self.escape(title))" tests="\#(rules.count + 1)" failures="\#(failures)" "#
                + #"errors="0" skipped="\#(skipped)">"#,
        ]
        lines.append(testCase("verdict: \(verdict)", graceful, headline))
        lines += rules.map { testCase($0.sentence, $0.held, $0.evidence) }
        lines += ["  </testsuite>", "</testsuites>"]
        return lines.joined(separator: "\n")
    }

    private func testCase(_ name: String, _ held: Bool?, _ evidence: String) -> String {
        let open = #"    <testcase classname="\#(Self.escape(title))" name="\#(Self.escape(name))""#
        return switch held {
        case true?: open + "/>"
        case false?: open + #"><failure message="\#(Self.escape(evidence))"/></testcase>"#
        case nil: open + #"><skipped message="\#(Self.escape(evidence))"/></testcase>"#
        }
    }

    private static func escape(_ text: String) -> String {
        printable(text).replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
    }
}
