/// How many colours the terminal's own palette has (terminfo(5), `colors`).
package enum Colors: Hashable, Sendable, Comparable {
    /// The terminal has no colours, or none are wanted: emphasis remains.
    case none
    case eight
    case sixteen
    case twoHundredFiftySix

    init(count: Int) {
        self =
            switch count {
            case 256...: .twoHundredFiftySix
            case 16...: .sixteen
            case 8...: .eight
            default: .none
            }
    }
}

/// Whether a person wants colour.
package enum ColorChoice: String, Hashable, Sendable, CaseIterable {
    /// Colour where the terminal has it, unless `NO_COLOR` is set (no-color.org).
    case auto
    /// Colour where the terminal has it, whatever `NO_COLOR` says.
    case always
    case never

    /// `NO_COLOR` counts when it is set and not empty.
    func isWanted(noColor: String?) -> Bool {
        switch self {
        case .auto: noColor?.isEmpty ?? true
        case .always: true
        case .never: false
        }
    }
}
