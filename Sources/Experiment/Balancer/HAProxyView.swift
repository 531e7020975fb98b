import ShutdownTrace

/// The state of one instance in the statistics of HAProxy.
struct HAProxyView: Hashable, Sendable {
    var isIn: Bool
    /// Failed checks in a row while the instance is still in rotation.
    var failures = 0
    var isChecked: Bool
    /// The HTTP status of the last check, if there was an answer.
    var status: Int?
    /// The code of the last check, such as L4CON.
    var check: String

    /// The rows of the backend's servers, by their name, which is the instance's number.
    static func all(in text: String) -> [Int: HAProxyView] {
        let lines = text.split(separator: "\n")
        guard let head = lines.first, head.hasPrefix("# ") else { return [:] }
        let names = head.dropFirst(2).split(separator: ",", omittingEmptySubsequences: false)
        var views: [Int: HAProxyView] = [:]
        for line in lines.dropFirst() {
            let row = Dictionary(
                zip(names, line.split(separator: ",", omittingEmptySubsequences: false)), uniquingKeysWith: { $1 })
            guard row["pxname"] == "instances", let number = row["svname"].flatMap({ Int($0) }) else { continue }
            views[number] = HAProxyView(row)
        }
        return views
    }

    /// Reads the columns `status` ("UP", "UP 1/2" on its way down, "DOWN"), `check_status` and `check_code`.
    private init(_ row: [Substring: Substring]) {
        let words = (row["status"] ?? "").split { $0 == " " || $0 == "/" }
        isIn = words.first == "UP"
        if isIn, words.count == 3, let left = Int(words[1]), let all = Int(words[2]) { failures = all - left }
        check = String((row["check_status"] ?? "").drop { $0 == "*" || $0 == " " })
        isChecked = !["", "INI", "UNK"].contains(check)
        status = row["check_code"].flatMap { Int($0) }
    }

    /// The balancer's events that lead from one view to this one.
    func changes(since before: HAProxyView?, threshold: Int) -> [BalancerEvent] {
        let wasIn = before?.isIn ?? false
        switch (wasIn, isIn) {
        case (false, true):
            return [.probePassed(status: status, took: nil), .rotationEntered]
        case (true, false): return [failed(threshold, of: threshold), .rotationLeft(failures: threshold)]
        case (true, true) where failures > before?.failures ?? 0: return [failed(failures, of: threshold)]
        default: return []
        }
    }

    private func failed(_ count: Int, of threshold: Int) -> BalancerEvent {
        .probeFailed(
            .init(failures: count, threshold: threshold, status: status, cause: status == nil ? check : nil))
    }
}
