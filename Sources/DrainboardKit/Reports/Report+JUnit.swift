import ShutdownBoard
import ShutdownTrace

/// Reports as JUnit for a build server.
extension Report {
    /// A suite for each run, and one test case for each rule that applies; one that is unknown is skipped, and says why.
    static func junit(_ reports: [Report]) -> String {
        let tests = reports.reduce(0) { $0 + $1.rules.count + 1 }
        let failures = reports.reduce(0) { $0 + $1.failureCount }
        let head = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<testsuites name="drainboard" tests="\#(tests)" failures="\#(failures)" errors="0">"#,
        ]
        let isOne = reports.count == 1
        let suites = reports.flatMap { $0.suite(isOne ? $0.title : "\($0.title) \($0.signal ?? "")") }
        return (head + suites + ["</testsuites>"]).joined(separator: "\n")
    }

    private var failureCount: Int { rules.count { $0.held == false } + (graceful ? 0 : 1) }

    private func suite(_ name: String) -> [String] {
        let skipped = rules.count { $0.held == nil }
        let head =
            #"  <testsuite name="\#(xmlEscaped(name))" tests="\#(rules.count + 1)" failures="\#(failureCount)" "#
            + #"errors="0" skipped="\#(skipped)" time="\#(seconds)">"#
        return [head] + properties + [testCase("verdict: \(verdict)", graceful, headline, lesson)]
            + rules.map { testCase($0.sentence, $0.held, $0.evidence, $0.advice) } + systemOut + ["  </testsuite>"]
    }

    /// What was done to make the run.
    private var properties: [String] {
        guard !origin.rows.isEmpty else { return [] }
        let rows = origin.rows.map {
            #"      <property name="\#(xmlEscaped($0.label))" value="\#(xmlEscaped($0.text))"/>"#
        }
        return ["    <properties>"] + rows + ["    </properties>"]
    }

    private var systemOut: [String] {
        output.isEmpty ? [] : ["    <system-out>\(output.map(xmlEscaped).joined(separator: "\n"))</system-out>"]
    }

    /// From the signal to the exit.
    private var seconds: String {
        Time(microseconds: Int64((numbers["signalToExitMs"].flatMap(\.self) ?? 0) * 1_000)).decimals(3)
    }

    private func testCase(_ name: String, _ held: Bool?, _ evidence: String, _ advice: String?) -> String {
        let open = #"    <testcase classname="\#(xmlEscaped(title))" name="\#(xmlEscaped(name))""#
        switch held {
        case true?: return open + "/>"
        case false?:
            let message = evidence + (advice.map { ". To mend: \($0)" } ?? "")
            return open + #"><failure type="rule" message="\#(xmlEscaped(message))"/></testcase>"#
        case nil: return open + #"><skipped message="\#(xmlEscaped(evidence))"/></testcase>"#
        }
    }
}
