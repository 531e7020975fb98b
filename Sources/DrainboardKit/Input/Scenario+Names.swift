import Lessons

/// Names of scenarios as people write them.
extension Scenario {
    /// The three names that come closest to what was written.
    package static func names(near name: String) -> [String] {
        Array(all.map(\.name).sorted { distance($0, name) < distance($1, name) }.prefix(3))
    }

    /// The Levenshtein distance of two names.
    private static func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substituted = previous + (a == b ? 0 : 1)
                previous = row[j + 1]
                row[j + 1] = min(substituted, previous + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
