/// What the supervisor may tell a tied server on its standard input, one line each.
public enum ControlCommand: Hashable, Sendable {
    /// Stop between this step of the shutdown and the next one.
    case hold
    /// Go on.
    case release
    /// Go on, and stop before the next step.
    case step
    /// A new lead, also while it runs; at most 1,000,000 seconds.
    case lead(Time)
    /// The same for a server that has a lead; a server that has none gets none.
    case keepLead(Time)

    /// Reads `hold`, `release`, `step`, `lead SECONDS` or `keep SECONDS`; nil for any other line.
    public init?(line: String) {
        let words = line.split(separator: " ")
        switch (words.first, words.count) {
        case ("hold", 1): self = .hold
        case ("release", 1): self = .release
        case ("step", 1): self = .step
        case ("lead", 2), ("keep", 2):
            guard let seconds = Double(words[1]), (0...1_000_000).contains(seconds) else { return nil }
            self = words[0] == "lead" ? .lead(.seconds(seconds)) : .keepLead(.seconds(seconds))
        default: return nil
        }
    }

    /// The line, without its newline.
    public var line: String {
        switch self {
        case .hold: "hold"
        case .release: "release"
        case .step: "step"
        case .lead(let length): "lead \(length.seconds)"
        case .keepLead(let length): "keep \(length.seconds)"
        }
    }
}
