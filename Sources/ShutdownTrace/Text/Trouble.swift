/// The words with which programs tell of trouble: an error, a failure, work that was lost, a limit that passed.
package enum Trouble {
    private static let words: Set<String> = [
        "aborted", "aborting", "cannot", "critical", "dropped", "fail", "failed", "fails", "failure", "failures",
        "fatal", "forced", "forcibly", "forcing", "lost", "panic", "panicked", "timeout", "unable",
    ]
    private static let pairs: Set<[String]> = [["could", "not"], ["timed", "out"], ["not", "closed"]]
    /// The names of exceptions end so: `ValueError`, `IllegalStateException`.
    private static let ends = ["error", "errors", "exception"]
    private static let denials: Set<String> = ["0", "no", "none", "without", "zero", "never"]

    /// Whether a line tells of trouble; "0 jobs lost" and "with timeout 10s" do not.
    package static func isTold(in line: String) -> Bool {
        let tokens = line.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return tokens.indices.contains { isTrouble($0, tokens) && !isDenied($0, tokens) }
    }

    private static func isTrouble(_ index: Int, _ tokens: [String]) -> Bool {
        let token = tokens[index]
        if tokens.indices.contains(index + 1), pairs.contains([token, tokens[index + 1]]) { return true }
        guard words.contains(token) else { return ends.contains(where: token.hasSuffix) }
        return token != "timeout" || !isSetting(index, tokens)
    }

    /// Whether a time-out is only told as a number: "timeout=10", "with a timeout".
    private static func isSetting(_ index: Int, _ tokens: [String]) -> Bool {
        tokens[..<index].suffix(2).contains { ["with", "within", "set"].contains($0) }
            || tokens.dropFirst(index + 1).first?.first?.isNumber == true
    }

    private static func isDenied(_ index: Int, _ tokens: [String]) -> Bool {
        tokens[..<index].suffix(2).contains(where: denials.contains)
            || tokens.dropFirst(index + 1).first.map { ["0", "none"].contains($0) } == true
    }
}
