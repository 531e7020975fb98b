import Screen

@testable import Screen

/// Texts: what is said is said whole, in words that mean one thing.
extension Claim {
    static let texts: [Claim] = [
        Claim("no word is cut in a default size") { picture in
            guard [Size(columns: 80, rows: 24), Size(columns: 120, rows: 36)].contains(picture.size), picture.says("…")
            else { return nil }
            return picture.lines.first { line in
                line.ranges(of: "…").contains { range in
                    let before = line[..<range.lowerBound].suffix(8)
                    return before.last.map { $0 != " " } ?? false && !isForeign(before, picture.run)
                }
            }
        },
        Claim("no bare state words") { picture in
            let odd: [StaticString] = ["idle or busy", "waiting for nothing"]
            return odd.lazy.compactMap { picture.line(with: $0) }.first
        },
    ]

    /// Whether the server or the system wrote this: such a text has any length.
    private static func isForeign(_ text: Substring, _ run: Recorded) -> Bool {
        run.outcome.foreign.contains { $0.contains(text) }
    }
}
