internal import Foundation

/// How much the tests try that try many inputs of one kind: all that they name, or a share of it.
///
/// `DRAINBOARD_TEST_EFFORT` is that share: 0.05 in `Tests/run quick`, 1 without it, and 20 for a long search.
package enum Effort {
    private static let share =
        ProcessInfo.processInfo.environment["DRAINBOARD_TEST_EFFORT"].flatMap(Double.init) ?? 1

    /// Whether tests try all that they name.
    package static var isWhole: Bool { share >= 1 }

    /// How many inputs to make where so many are the whole.
    package static func count(_ whole: Int) -> Int { max(1, Int(Double(whole) * share)) }

    /// The inputs to try out of these: all of them, or some from the first to the last.
    package static func some<Inputs: RandomAccessCollection>(of inputs: Inputs) -> [Inputs.Element] {
        guard !isWhole else { return Array(inputs) }
        return stride(from: 0, to: inputs.count, by: Int((1 / share).rounded())).map {
            inputs[inputs.index(inputs.startIndex, offsetBy: $0)]
        }
    }
}
