internal import ArgumentParser

/// Reads a span of time that a person wrote: `0.2`, `0.2s`, `-50ms`.
enum Span {
    /// - Returns: Seconds.
    /// - Throws: `ValidationError` when it is none, or longer than a day.
    static func seconds(_ text: String) throws -> Double {
        let (number, unit) =
            text.hasSuffix("ms") ? (text.dropLast(2), 0.001) : text.hasSuffix("s") ? (text.dropLast(), 1) : (text[...], 1)
        guard let value = Double(number), value.isFinite, abs(value * unit) <= 86_400 else {
            throw ValidationError("\"\(text)\" is no span of time: write it as 0.2, 0.2s or 200ms.")
        }
        return value * unit
    }
}
