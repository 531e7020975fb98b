import Screen

@testable import Terminal

/// The keys of one byte that could do something: what no cut and no pause may make of a sequence.
///
/// The fuzzer of `Tests/Fuzz` asks the same question.
struct ActingKeys: Equatable {
    let keys: [Key]

    /// All but Escape and the brackets, which move the timeline at most.
    init(_ typed: [KeyDecoder.Typed]) {
        keys = typed.compactMap {
            switch $0 {
            case .key(.character("[")), .key(.character("]")): nil
            case .key(let key): key.isOneByte ? key : nil
            case .paste: nil
            }
        }
    }

    /// Whether these come in this order among the others.
    func isSubsequence(of others: ActingKeys) -> Bool {
        var rest = keys[...]
        for other in others.keys where other == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
    }
}

extension Key {
    fileprivate var isOneByte: Bool {
        switch self {
        case .character, .control, .enter, .tab, .backspace: true
        default: false
        }
    }
}
