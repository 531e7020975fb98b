import Glibc

/// How much room recordings may take in the state folder.
package struct RecordingLimits: Hashable, Sendable {
    /// The bytes of all runs that nobody kept, named or marked.
    package var total = 1_000_000_000
    /// The bytes of one run.
    package var single = 250_000_000
    /// What is wrong with the settings, as sentences.
    var faults: [String] = []

    package static let totalVariable = "DRAINBOARD_RUNS_SIZE"
    package static let singleVariable = "DRAINBOARD_RUN_SIZE"

    package init() {}

    /// Reads the settings, such as `DRAINBOARD_RUNS_SIZE=2G`; one that is no size leaves what holds without it.
    package init(_ environment: (String) -> String?) {
        total = size(environment, Self.totalVariable, total)
        single = size(environment, Self.singleVariable, single)
    }

    /// Those that this process was given.
    package static var current: RecordingLimits { RecordingLimits { getenv($0).map { String(cString: $0) } } }

    private mutating func size(_ environment: (String) -> String?, _ name: String, _ standard: Int) -> Int {
        guard let text = environment(name), !text.isEmpty else { return standard }
        if let size = Self.bytes(text) { return size }
        faults.append("\(name)=\(text) is no size: give bytes, or a number with k, M or G, such as 500M.")
        return standard
    }

    /// `1500`, `20k`, `500M` or `2G`: powers of a thousand, as disks are sold.
    static func bytes(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /(\d{1,12})([kKMG]?)B?/), let number = Int(match.1) else { return nil }
        let unit = ["": 1, "k": 1_000, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000][match.2] ?? 1
        let (bytes, overflows) = number.multipliedReportingOverflow(by: unit)
        return overflows ? nil : bytes
    }
}
