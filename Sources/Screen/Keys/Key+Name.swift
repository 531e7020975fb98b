extension Key {
    /// How it is written on keyboards: "t", "Ctrl-C", "PgUp".
    var name: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(let letter): "Ctrl-\(letter.uppercased())"
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .backspace: "Backspace"
        case .insert: "Insert"
        case .delete: "Delete"
        case .function(let number): "F\(number)"
        case .held(let modifiers, let key): modifiers.prefix + key.name
        case .mouse: "the mouse"
        }
    }
}

extension Key {
    /// Whether a person pressed it without doubt, and alone: terminals send other keys by themselves.
    var isPlain: Bool {
        switch self {
        case .held, .mouse, .insert, .function, .escape: false
        default: true
        }
    }
}

extension Key.Modifiers {
    fileprivate var prefix: String {
        let names: [(Self, String)] = [(.control, "Ctrl-"), (.alt, "Alt-"), (.meta, "Meta-"), (.shift, "Shift-")]
        return names.filter { contains($0.0) }.map(\.1).joined()
    }
}
