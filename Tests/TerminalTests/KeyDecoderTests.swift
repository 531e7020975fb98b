import Screen
import Testing

@testable import Terminal

/// What was typed at which time, as a terminal sends it, and what comes of it.
struct Typing {
    private var decoder = KeyDecoder()
    private var now = 100.0
    private(set) var typed: [KeyDecoder.Typed] = []

    /// Bytes in one piece, and then so many seconds of nothing.
    mutating func send(_ bytes: some Collection<UInt8>, then pause: Double) {
        typed += decoder.take(bytes, at: now)
        let end = now + pause
        while let deadline = decoder.deadline, deadline <= end { typed += decoder.pass(at: deadline) }
        now = end
    }

    /// These pieces with these pauses after them, and then nothing for a long time.
    static func of(_ pieces: [(String, Double)]) -> [KeyDecoder.Typed] {
        var typing = Typing()
        for (text, pause) in pieces { typing.send(text.utf8, then: pause) }
        typing.send([], then: 60)
        return typing.typed
    }

    static func keys(_ pieces: (String, Double)...) -> [Key] {
        of(pieces).compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    static func keys(_ text: String) -> [Key] { keys((text, 0)) }
}

@Suite(.timeLimit(.minutes(3))) struct `A key decoder` {
    static let plain: [(String, Key)] = [
        ("a", .character("a")), ("K", .character("K")), ("é", .character("é")), ("漢", .character("漢")),
        ("𝄞", .character("𝄞")), (" ", .character(" ")), ("[", .character("[")), ("\u{3}", .control("c")),
        ("\u{1A}", .control("z")), ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace),
        ("\u{8}", .backspace), ("\u{1B}", .escape),
    ]

    static let sequences: [(String, Key)] = [
        ("[A", .up), ("OB", .down), ("[C", .right), ("OD", .left), ("[H", .home), ("OH", .home), ("[1~", .home),
        ("[7~", .home), ("[F", .end), ("OF", .end), ("[4~", .end), ("[8~", .end), ("[5~", .pageUp), ("[6~", .pageDown),
        ("[2~", .insert), ("[3~", .delete), ("[Z", .backTab), ("OM", .enter), ("OI", .tab),
    ]

    static let functionKeys: [(String, Key)] =
        ["OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~"].enumerated().map {
            ($1, .function($0 + 1))
        }
        + ["[11~", "[12~", "[13~", "[14~"].enumerated().map { ($1, .function($0 + 1)) }
        + ["[[A", "[[B", "[[C", "[[D", "[[E"].enumerated().map { ($1, .function($0 + 1)) }
        + [("[P", .function(1)), ("[S", .function(4))]

    static let keypad: [(String, Key)] = [
        ("Op", .character("0")), ("Oy", .character("9")), ("Ok", .character("+")), ("Om", .character("-")),
        ("OX", .character("=")),
    ]

    static let held: [(String, Key)] = [
        ("[1;2D", .shiftLeft), ("[1;2C", .shiftRight), ("[d", .shiftLeft), ("[c", .shiftRight),
        ("[1;5A", .held(.control, .up)), ("[1;3B", .held(.alt, .down)), ("[1;6H", .held([.shift, .control], .home)),
        ("[3;5~", .held(.control, .delete)), ("[15;2~", .held(.shift, .function(5))),
        ("[1;5P", .held(.control, .function(1))), ("O2P", .held(.shift, .function(1))), ("O5A", .held(.control, .up)),
        ("Oa", .held(.control, .up)), ("[5$", .held(.shift, .pageUp)), ("[5^", .held(.control, .pageUp)),
        ("[5@", .held([.shift, .control], .pageUp)), ("[1;1A", .up),
        ("\u{1B}[A", .held(.alt, .up)), ("\u{1B}[1;5A", .held([.alt, .control], .up)),
        ("t", .held(.alt, .character("t"))), ("é", .held(.alt, .character("é"))), ("\r", .held(.alt, .enter)),
        ("\u{3}", .held(.alt, .control("c"))),
    ]

    static let mouse: [(String, Key)] = [
        ("[<0;3;7M", .mouse(Mouse(.press(.left), row: 6, column: 2))),
        ("[<2;1;1m", .mouse(Mouse(.release(.right), row: 0, column: 0))),
        ("[<64;300;120M", .mouse(Mouse(.wheelUp, row: 119, column: 299))),
        ("[<65;3;7M", .mouse(Mouse(.wheelDown, row: 6, column: 2))),
        ("[<20;3;7M", .mouse(Mouse(.press(.left), row: 6, column: 2, modifiers: [.shift, .control]))),
    ]

    @Test(arguments: plain) func `knows the keys that are one character`(text: String, key: Key) {
        #expect(Typing.keys(text) == [key])
    }

    @Test(arguments: sequences + functionKeys + keypad + held + mouse)
    func `knows a key in each of its encodings, in one piece and in two`(rest: String, key: Key) {
        let whole = "\u{1B}" + rest
        #expect(Typing.keys(whole) == [key])
        for cut in 1..<whole.utf8.count {
            var typing = Typing()
            typing.send(whole.utf8.prefix(cut), then: 0.04)
            typing.send(whole.utf8.dropFirst(cut), then: 9)
            #expect(typing.typed == [.key(key)], "cut after \(cut)")
        }
    }

    static let answers = [
        // What it is, in every form (DA1, DA2, DA3, XTVERSION, XTGETTCAP, DECRQSS), also in one-byte controls.
        "[?62;1;4c", "[>41;380;0c", "P!|00000000\u{1B}\\", "P>|xterm(380)\u{1B}\\", "P1+r544e=787465726d\u{1B}\\",
        "P1$r0 q\u{1B}\\", "P>|kitty\u{18}", "P>|kitty\u{1A}",
        // Cursor, status, modes, windows, sizes.
        "[12;40R", "[1;2R", "[?12;40R", "[0n", "[?2026;2$y", "[4;2$y", "[8;24;80t", "[48;24;80;600;800t",
        "[?1;0;256S",
        // Colours, the clipboard, titles, graphics, anything else in a string.
        "]11;rgb:1c1c/1c1c/1c1c\u{7}", "]11;rgb:1c1c/1c1c/1c1c\u{1B}\\", "]52;c;dHRr\u{7}", "]lterm\u{1B}\\",
        "_Gi=31;OK\u{1B}\\", "^private\u{1B}\\", "Xstart\u{1B}\\", "_Kt\u{7}tq\u{1B}\\",
        // Focus, keyboard protocols that were not asked for, unknown keys.
        "[I", "[O", "[?1u", "[116u", "[116;5u", "[1;1:3A", "[27;5;116~", "[>4;2m", "[99~", "[25~", "[1;5q", "[1;99A",
        "[2A", "[E", "OE", "[5;6;7~", "[200;1~", "[201~", "[224z", "[123456789012345678901234567890~", "[<35;3;7M",
        "[<0;0;0M", "[Mtqi", "[M t\u{84}", "\\", "[1;+5A",
    ]

    @Test(arguments: answers) func `takes no answer and no report for a key`(rest: String) {
        #expect(Typing.keys("\u{1B}\(rest)x") == [.character("x")])
    }

    @Test(
        arguments: [
            ([0x90] + Array(">|xterm(380)".utf8) + [0x9C], []), ([0x9B] + Array("?62;c".utf8), []),
            ([0x9D] + Array("11;q".utf8) + [0x07], []), ([0x9B] + Array("A".utf8), [.up]),
            ([0x8F] + Array("P".utf8), [.function(1)]),
            ([0xFF, 0xFE, 0xC3], []), ([0xE6, 0xBC], []), ([0xC0, 0x80], []), ([0xED, 0xA0, 0x80], []),
            ([0x00, 0x1C], []),
        ] as [([UInt8], [Key])])
    func `knows one-byte controls and lets broken characters go`(bytes: [UInt8], keys: [Key]) {
        var typing = Typing()
        typing.send(bytes + Array("x".utf8), then: 9)
        #expect(typing.typed == (keys + [.character("x")]).map { .key($0) })
    }

    @Test func `keeps the order of what was typed ahead`() {
        #expect(Typing.keys("t\u{1B}[Dq") == [.character("t"), .left, .character("q")])
    }

    @Test func `reports Escape after a short patience, and the keys after it`() {
        #expect(Typing.keys(("\u{1B}", 0.1), ("t", 0)) == [.escape, .character("t")])
        #expect(Typing.keys(("\u{1B}", 0.1), ("\u{1B}", 0.1), ("q", 0)) == [.escape, .escape, .character("q")])
        #expect(Typing.keys(("\u{1B}", 0.01), ("\u{1B}", 0.1)) == [.escape])
        #expect(Typing.keys(("\u{1B}", 0.1), ("\u{1B}[A", 0)) == [.escape, .up])
    }

    @Test func `serves a person who presses a bracket after Escape`() {
        #expect(Typing.keys(("\u{1B}", 0.2), ("[", 0.2), ("[", 0.2), ("]", 0)) == [.escape, "[", "[", "]"])
        #expect(Typing.keys(("\u{1B}", 0.2), ("]", 0.2), ("]", 0.6), ("t", 0)) == [.escape, "]", "]", "t"])
        #expect(Typing.keys(("\u{1B}", 0.6), ("[", 0.01), ("t", 0)) == [.escape, "[", "t"])
        #expect(Typing.keys(("\u{1B}", 0.6), ("P", 0.01), ("O", 0)) == [.escape, "P", "O"])
    }

    @Test(arguments: [
        "[A", "[200~Kyt\n", "]11;rgb:1c1c/1c1c/1c1c\u{1B}\\", "P>|xterm(380)\u{1B}\\", "_Gi=31;OK\u{1B}\\", "OP",
        "[Mtqi",
    ])
    func `runs nothing of a sequence that goes on late, wherever it is cut again`(rest: String) {
        for first in [0.06, 0.1, 0.2, 0.4] {
            for cut in 0..<rest.utf8.count {
                for second in [0.01, 0.2, 0.4] {
                    var typing = Typing()
                    typing.send("\u{1B}".utf8, then: first)
                    typing.send(rest.utf8.prefix(cut), then: cut == 0 ? 0 : second)
                    typing.send(rest.utf8.dropFirst(cut), then: 9)
                    let keys = typing.typed.filter { if case .key = $0 { true } else { false } }
                    let served: [KeyDecoder.Typed] =
                        "[]".contains(rest.prefix(1)) ? [.key(Key.character(Character(String(rest.prefix(1)))))] : []
                    #expect(
                        keys == [.key(.escape)] || keys == [.key(.escape)] + served, "\(first) s, \(cut), \(second) s")
                }
            }
        }
    }

    @Test func `gives up a string without its end, and runs nothing of it`() {
        #expect(Typing.keys(("\u{1B}]11;tqK", 0.9), ("t", 1.1), ("q", 0)) == [.character("q")])
        #expect(Typing.keys(("\u{1B}P" + String(repeating: "t", count: 100_000), 1.1), ("q", 0)) == [.character("q")])
        // A person who presses a key again and again has it back.
        let presses = (0..<7).map { _ in ("q", 0.3) }
        #expect(Typing.of([("\u{1B}]11;", 0.3)] + presses) == [.key("q"), .key("q")])
        let trickle = "xterm(380)ttt".map { (String($0), 0.3) }
        #expect(Typing.of([("\u{1B}P>|", 0.3)] + trickle + [("\u{1B}\\", 0)]) == [])
    }

    @Test func `waits for the end of a control sequence as long as it takes`() {
        #expect(Typing.keys(("\u{1B}[", 30), ("200~", 0.1), ("Kyt\n\u{1B}[201~q", 0)) == [.character("q")])
        #expect(Typing.keys(("\u{1B}O", 30), ("tt", 0)) == [.character("4"), .character("t")])
    }

    @Test func `takes a paste as text, whole or in pieces`() {
        let paste = KeyDecoder.Typed.paste(Paste(text: "Ky t\né", isWhole: true))
        let whole = Array("\u{1B}[200~Ky t\né\u{1B}[201~".utf8)
        for cut in 0..<whole.count {
            for pause in [0, 0.04, 0.3, 0.9] where cut != 1 || pause < 0.05 {
                var typing = Typing()
                typing.send(whole[..<cut], then: pause)
                typing.send(whole[cut...], then: 0)
                typing.send("q".utf8, then: 9)
                #expect(typing.typed == [paste, .key("q")], "cut after \(cut), \(pause) s")
            }
        }
    }

    @Test func `keeps what looks like the end of a paste`() {
        #expect(
            Typing.of([("\u{1B}[200~a\u{1B}[20\u{1B}\u{1B}[201b\u{1B}[201~q", 0)]) == [
                .paste(Paste(text: "a\u{1B}[20\u{1B}\u{1B}[201b", isWhole: true)), .key("q"),
            ])
    }

    @Test func `ends a paste whose end never comes, and says so`() {
        let cut = KeyDecoder.Typed.paste(Paste(text: "Ky", isWhole: false))
        #expect(Typing.of([("\u{1B}[200~K", 0.9), ("y", 1.1), ("q", 0)]) == [cut, .key("q")])
        let presses = (0..<6).map { _ in ("q", 0.4) }
        #expect(
            Typing.of([("\u{1B}[200~", 0.4)] + presses)
                == [.paste(Paste(text: "qqqq", isWhole: false)), .key("q")])
    }

    @Test func `keeps no more of a paste than a field could hold`() {
        let typed = Typing.of([("\u{1B}[200~" + String(repeating: "t", count: 1_000_000) + "\u{1B}[201~q", 0)])
        #expect(typed == [.paste(Paste(text: String(repeating: "t", count: 4096), isWhole: true)), .key("q")])
    }
}

extension Key: ExpressibleByExtendedGraphemeClusterLiteral {
    package init(extendedGraphemeClusterLiteral value: Character) { self = .character(value) }
}
