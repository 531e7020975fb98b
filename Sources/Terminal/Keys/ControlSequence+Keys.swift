internal import Screen

/// The sequences that are keys: those of xterm, the VT220, the Linux console, rxvt, screen and tmux.
///
/// What is not here is an answer or a report, and no key: what a terminal is, where its cursor stands, its modes, focus,
/// the keyboard protocols that were not asked for. `CSI R` is always a position of the cursor, never F3.
extension ControlSequence {
    /// The key of a CSI sequence.
    func key(_ final: Unicode.Scalar) -> Key? {
        if body == [Introducer.csi.rawValue] { return "A"..."E" ~= final ? .function(final.after("A") + 1) : nil }
        if body.first == UInt8(ascii: "<") { return mouse(final) }
        guard let numbers else { return nil }
        switch final {
        case "~": return Self.edited(by: numbers)
        case "$": return Self.edited(by: numbers)?.held(.shift)
        case "^": return Self.edited(by: numbers)?.held(.control)
        case "@": return Self.edited(by: numbers)?.held([.shift, .control])
        case "a"..."d" where numbers.isEmpty: return Self.arrows[final.after("a")].held(.shift)
        case "Z" where numbers.isEmpty: return .backTab
        case "R": return nil
        default:
            guard numbers.isEmpty || numbers.count == 2 && numbers[0] == 1 else { return nil }
            return Self.held(Self.named(final), numbers.dropFirst().first)
        }
    }

    /// A key of application mode (SS3), the keypad's among them.
    func applicationKey(_ final: Unicode.Scalar) -> Key? {
        guard let numbers, numbers.count < 3 else { return nil }
        switch final {
        case "a"..."d" where numbers.isEmpty: return Self.arrows[final.after("a")].held(.control)
        case "j"..."y" where numbers.isEmpty: return .character(Array("*+,-./0123456789")[final.after("j")])
        case "X" where numbers.isEmpty: return .character("=")
        case "M": return Self.held(.enter, numbers.last)
        case "I": return Self.held(.tab, numbers.last)
        default: return Self.held(Self.named(final), numbers.last)
        }
    }

    private func mouse(_ final: Unicode.Scalar) -> Key? {
        guard let numbers = Self.numbers(body.dropFirst()), numbers.count == 3, final == "M" || final == "m" else {
            return nil
        }
        return Mouse(code: numbers[0], column: numbers[1], row: numbers[2], isPress: final == "M").map { .mouse($0) }
    }

    private static let arrows: [Key] = [.up, .down, .right, .left]

    private static func named(_ final: Unicode.Scalar) -> Key? {
        switch final {
        case "A"..."D": arrows[final.after("A")]
        case "F": .end
        case "H": .home
        case "P"..."S": .function(final.after("P") + 1)
        default: nil
        }
    }

    /// The key whose number is the first parameter (VT220), with what the second says is held.
    private static func edited(by numbers: [Int]) -> Key? {
        guard let number = numbers.first, numbers.count < 3 else { return nil }
        let key: Key? =
            switch number {
            case 1, 7: .home
            case 2: .insert
            case 3: .delete
            case 4, 8: .end
            case 5: .pageUp
            case 6: .pageDown
            case 11...15: .function(number - 10)
            case 17...21: .function(number - 11)
            case 23, 24: .function(number - 12)
            default: nil
            }
        return held(key, numbers.dropFirst().first)
    }

    /// xterm's parameter is one more than the bits of what is held; nil for a number that is none.
    private static func held(_ key: Key?, _ parameter: Int?) -> Key? {
        guard let parameter else { return key }
        return 1...16 ~= parameter ? key?.held(Key.Modifiers(rawValue: parameter - 1)) : nil
    }
}

extension Unicode.Scalar {
    /// How many places it stands after the first of its row.
    fileprivate func after(_ first: Self) -> Int { Int(value) - Int(first.value) }
}
