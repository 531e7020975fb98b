import ArgumentParser
import DrainboardKit

/// Reads a span of time that a person wrote: `0.2`, `0.2s`, `-50ms`.
enum Span {
    /// - Returns: Seconds.
    /// - Throws: `ValidationError` when it is none; how long it may be says whoever asked.
    static func seconds(_ text: String) throws -> Double {
        let unit = text.hasSuffix("ms") ? "ms" : text.hasSuffix("s") ? "s" : ""
        let scale = unit == "ms" ? 0.001 : 1
        guard let value = Double(text.dropLast(unit.count)) else {
            throw ValidationError("\"\(text)\" is no span of time: write it as 0.2, 0.2s or 200ms.")
        }
        return value * scale
    }
}
