import ArgumentParser
import DrainboardKit
import ShutdownTrace

/// A span of time as a person writes it: `0.2`, `0.2s`, `-50ms`.
enum DurationArgument {
    /// Reads a span; the caller knows how long it may be.
    ///
    /// - Returns: Seconds.
    /// - Throws: `ValidationError` for any other text.
    static func seconds(_ text: String) throws -> Double {
        let unit = text.hasSuffix("ms") ? "ms" : text.hasSuffix("s") ? "s" : ""
        guard let value = Double(text.dropLast(unit.count)) else {
            throw ValidationError("\"\(text)\" is no span of time: write it as 0.2, 0.2s or 200ms.")
        }
        return unit == "ms" ? value * 0.001 : value
    }

    /// Reads a span of at most an hour.
    ///
    /// - Throws: `ValidationError` for any other text.
    static func time(_ text: String) throws -> Time {
        let seconds = try seconds(text)
        guard abs(seconds) <= 3_600 else {
            throw ValidationError("\"\(text)\" is too long: an hour at most.")
        }
        return .seconds(seconds)
    }
}
