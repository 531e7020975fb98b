import ArgumentParser
import DrainboardKit
import Screen

/// `100x30`: columns and rows.
struct FrameSize: CustomStringConvertible {
    var size: Size

    init(columns: Int, rows: Int) { size = Size(columns: columns, rows: rows) }

    init(_ text: String) throws {
        let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard numbers.count == 2, numbers.allSatisfy((1...1_000).contains) else {
            throw ValidationError("\"\(text)\" is no size: give one from 1x1 to 1000x1000, such as 100x30.")
        }
        self.init(columns: numbers[0], rows: numbers[1])
    }

    var description: String { "\(size.columns)x\(size.rows)" }
}
