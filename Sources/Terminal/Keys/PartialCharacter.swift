internal import Screen

/// The first bytes of a character of UTF-8, of which the rest is still to come, at any time.
struct PartialCharacter {
    private var bytes: [UInt8]
    private let modifiers: Key.Modifiers

    /// Nil where the byte begins none.
    init?(_ byte: UInt8, _ modifiers: Key.Modifiers) {
        guard 0xC2...0xF4 ~= byte else { return nil }
        bytes = [byte]
        self.modifiers = modifiers
    }

    /// The same with one byte more; nil where that does not belong to it.
    func adding(_ byte: UInt8) -> Self? {
        guard 0x80..<0xC0 ~= byte else { return nil }
        var longer = self
        longer.bytes.append(byte)
        return longer
    }

    var isWhole: Bool {
        switch bytes[0] {
        case ..<0xE0: bytes.count == 2
        case ..<0xF0: bytes.count == 3
        default: bytes.count == 4
        }
    }

    /// Nil for a control character and for bytes that are no character.
    var key: Key? {
        guard let text = String(validating: bytes, as: UTF8.self), let scalar = text.unicodeScalars.first,
            scalar.properties.generalCategory != .control
        else { return nil }
        return Key.character(Character(scalar)).held(modifiers)
    }
}
