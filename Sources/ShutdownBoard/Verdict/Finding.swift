extension Judge {
    /// What was found of a rule, in words.
    package enum Finding: Hashable, Sendable {
        case held(String)
        case failed(String)
        /// It could be known, and this run does not show it: why.
        case unknown(String)
        /// The rule is not about this server or this run: why. Such a rule is not part of a verdict.
        case inapplicable(String)

        static func judged(_ isHeld: Bool, _ words: String) -> Finding { isHeld ? .held(words) : .failed(words) }

        package var words: String {
            switch self {
            case .held(let words), .failed(let words), .unknown(let words), .inapplicable(let words): words
            }
        }

        package var isApplicable: Bool { if case .inapplicable = self { false } else { true } }
    }
}
