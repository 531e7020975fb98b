import Screen

@testable import Terminal

/// The keys of one byte, and all that the mouse does: what could do something, and no cut and no pause may make of a
/// sequence.
///
/// The fuzzer of `Tests/Fuzz` asks the same question.
struct ActingKeys: Equatable {
    let keys: [Key]

    /// All but Escape and the brackets, which move the timeline at most.
    init(_ typed: [KeyDecoder.Typed]) {
        keys = typed.compactMap {
            switch $0 {
            case .key(.character("[")), .key(.character("]")): nil
            case .key(let key): key.mayAct ? key : nil
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
    fileprivate var mayAct: Bool {
        switch self {
        case .character, .control, .enter, .tab, .backspace, .mouse: true
        default: false
        }
    }
}
