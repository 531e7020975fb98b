import Lessons
import ShutdownBoard

/// Suggestions for the name of a scenario that does not exist.
extension Scenario {
    /// The three names with the fewest letters to insert and to remove.
    package static func names(near name: String) -> [String] {
        func distance(_ other: String) -> Int { Array(other).difference(from: Array(name)).count }
        return Array(all.map(\.name).sorted { distance($0) < distance($1) }.prefix(3))
    }
}
