import Screen
import TestSupport
import Testing

@testable import Terminal

@Suite(.timeLimit(.minutes(3))) struct `A sequence that is cut` {
    /// Keys, answers and pastes one after the other, cut in up to three places.
    @Test func `never yields a key that the whole does not`() {
        var random = Seeded(12)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...4, using: &random)).flatMap { _ in random.sequence() }
            var whole = Typing()
            whole.send(bytes, then: 60)
            let cut = random.cut(bytes)
            #expect(
                ActingKeys(cut.typed).isSubsequence(of: ActingKeys(whole.typed)),
                "\(String(decoding: bytes, as: UTF8.self).debugDescription): \(cut.typed), \(whole.typed)"
            )
        }
    }
}

extension Seeded {
    /// Letters that act, and those of which sequences are made.
    private mutating func text(_ letters: String = "tiKyqQ0;[]O?<M~é:") -> String {
        String((0..<Int.random(in: 0...12, using: &self)).map { _ in letters.randomElement(using: &self) ?? "t" })
    }

    /// A report of the mouse: whole, with numbers that no screen has, or broken.
    private mutating func mouse() -> String {
        let numbers = (0..<Int.random(in: 2...4, using: &self)).map { _ in
            ["0", "1", "35", "64", "65", "99999", "999999999999", "-1", "", "0x7"].randomElement(using: &self) ?? "3"
        }
        return numbers.joined(separator: ";") + ("MmtA~".randomElement(using: &self).map { String($0) } ?? "M")
    }

    fileprivate mutating func sequence() -> [UInt8] {
        let end = Bool.random(using: &self) ? "\u{1B}\\" : "\u{18}"
        let number = Int.random(in: 0...30, using: &self)
        let text: String =
            switch Int.random(in: 0...9, using: &self) {
            case 0: "tiqKy\r".randomElement(using: &self).map { String($0) } ?? ""
            case 1: "\u{1B}[" + ("ABCDFHIOPZcnutM".randomElement(using: &self).map { String($0) } ?? "")
            case 2: "\u{1B}[\(number);\(Int.random(in: 0...9, using: &self))" + (Bool.random(using: &self) ? "~" : "R")
            case 3: "\u{1B}O" + ("ABPpyMt".randomElement(using: &self).map { String($0) } ?? "")
            case 4: "\u{1B}[?\(number)" + (Bool.random(using: &self) ? "c" : "u")
            case 5: "\u{1B}]" + text() + (Bool.random(using: &self) ? end : "\u{7}")
            case 6: "\u{1B}" + ("P_^X".randomElement(using: &self).map { String($0) } ?? "") + text() + end
            case 7: "\u{1B}[200~" + text() + "\u{1B}[201~"
            case 8: "\u{1B}[<" + mouse()
            default: "é漢"
            }
        return Array(text.utf8)
    }

    /// The same bytes with pauses that a slow line makes.
    fileprivate mutating func cut(_ bytes: [UInt8]) -> Typing {
        var typing = Typing()
        var rest = bytes[...]
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let piece = rest.prefix(Int.random(in: 0...rest.count, using: &self))
            typing.send(piece, then: [0.01, 0.06, 0.1, 0.2, 0.45].randomElement(using: &self) ?? 0)
            rest = rest.dropFirst(piece.count)
        }
        typing.send(rest, then: 60)
        return typing
    }
}
