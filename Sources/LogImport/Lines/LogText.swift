/// Foreign bytes as text that is safe to keep: no escape sequences, no control characters, valid UTF-8.
enum LogText {
    /// Characters of a line that an event keeps.
    static let longest = 1_000

    /// The bytes without ANSI sequences (ECMA-48) and control characters; tabs become spaces.
    static func clean(_ line: some Sequence<UInt8>) -> [UInt8] {
        let whole = Array(line)
        // Most lines are clean already.
        return whole.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? whole : stripped(whole)
    }

    /// A sentence that says which bytes of a line are no text; nil where all are.
    static func oddity(of line: UnsafeRawBufferPointer) -> String? {
        if line.allSatisfy({ $0 > 0 && $0 < 0x80 }) { return nil }
        let zeros = line.count { $0 == 0 }
        if zeros > 0 { return "\(zeros) zero bytes in the line are left out" }
        let isText = String(validating: line, as: UTF8.self) != nil
        return isText ? nil : "not UTF-8: what is no character is shown as \u{FFFD}"
    }

    private static func stripped(_ line: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var state = State.text
        for byte in line {
            switch state {
            case .text:
                switch byte {
                case 0x1B: state = .escape
                case 0x09: bytes.append(0x20)
                case 0..<0x20, 0x7F: break
                default: bytes.append(byte)
                }
            case .escape:
                switch byte {
                case UInt8(ascii: "["): state = .control
                case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"): state = .string
                case 0x20...0x2F: break
                default: state = .text
                }
            case .control: if (0x40...0x7E).contains(byte) { state = .text }
            case .string:
                // BEL ends the string, or ESC and a backslash: the backslash ends the escape.
                if byte == 0x07 { state = .text } else if byte == 0x1B { state = .escape }
            }
        }
        return bytes
    }

    private enum State {
        case text, escape, control, string
    }

    /// The bytes as text of at most ``longest`` characters, invalid UTF-8 as U+FFFD and without C1 controls.
    static func string(_ bytes: some Collection<UInt8>) -> String {
        let isPlain = bytes.count <= longest && bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        if isPlain { return String(decoding: bytes, as: UTF8.self) }
        let text = String(decoding: bytes.prefix(longest * 4), as: UTF8.self)
        var kept = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { continue }
            if count == longest {
                kept.append("…")
                break
            }
            kept.append(scalar)
            count += 1
        }
        return String(kept)
    }
}
