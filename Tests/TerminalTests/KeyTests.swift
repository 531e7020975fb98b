import Glibc
import Screen
import Testing

@testable import Terminal

extension TerminalTests {
    /// Nested, so that it is serialised with the others.
    @Suite(.timeLimit(.minutes(3))) struct Keys {
        @Test(arguments: [
            ("a", Key.character("a")), ("K", .character("K")), ("é", .character("é")), ("漢", .character("漢")),
            (" ", .character(" ")), ("\u{3}", .control("c")), ("\u{1A}".replacingSuspend, .control("y")),
            ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
            ("\u{1B}", .escape), ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[C", .right), ("\u{1B}OD", .left),
            ("\u{1B}[1;2D", .shiftLeft), ("\u{1B}[1;2C", .shiftRight), ("\u{1B}[d", .shiftLeft),
            ("\u{1B}[c", .shiftRight),
            ("\u{1B}[H", .home), ("\u{1B}OH", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home),
            ("\u{1B}[F", .end), ("\u{1B}OF", .end), ("\u{1B}[4~", .end), ("\u{1B}[8~", .end),
            ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[3~", .delete), ("\u{1B}[Z", .backTab),
            ("\u{1B}OP", .function(1)), ("\u{1B}[11~", .function(1)), ("\u{1B}[[A", .function(1)),
            ("\u{1B}[15~", .function(5)), ("\u{1B}[24~", .function(12)),
        ])
        func `a key is known in each of its encodings`(bytes: String, key: Key) throws {
            let pty = try Pty()
            let terminal = try pty.terminal()
            defer { terminal.close() }
            pty.type(bytes)
            #expect(terminal.soon() == .key(key))
            #expect(terminal.next(until: Terminal.now) == .timedOut)
        }

        @Test(arguments: [
            "\u{1B}[1;5q", "\u{1B}[I", "\u{1B}[99~", "\u{1B}]11;rgb:1c1c/1c1c/1c1c\u{7}", "\u{1B}P>|xterm(380)\u{1B}\\",
            "\u{0}",
        ])
        func `an unknown sequence or an answer is no key`(bytes: String) throws {
            let pty = try Pty()
            let terminal = try pty.terminal()
            defer { terminal.close() }
            pty.type(bytes + "x")
            #expect(terminal.soon() == .key(.character("x")))
        }

        @Test func `a paste is reported as text`() throws {
            let pty = try Pty()
            let terminal = try pty.terminal()
            defer { terminal.close() }
            pty.type("\u{1B}[200~qQK\r\u{1B}[201~x")
            #expect(terminal.soon() == .pasted(Paste(text: "qQK\r", isWhole: true)))
            #expect(terminal.soon() == .key(.character("x")))
        }

        @Test func `a key with Control or Alt and the mouse are keys of their own`() throws {
            let pty = try Pty()
            let terminal = try pty.terminal()
            defer { terminal.close() }
            pty.type("\u{1B}[1;5D\u{1B}t\u{1B}[<0;2;1M")
            #expect(terminal.soon() == .key(.held(.control, .left)))
            #expect(terminal.soon() == .key(.held(.alt, .character("t"))))
            #expect(terminal.soon() == .key(.mouse(Mouse(.press(.left), row: 0, column: 1))))
        }

        @Test(arguments: [("300", 0.3), ("0", 0.001), ("99999", 2), ("much", 0.05)])
        func `ESCDELAY says in milliseconds how long a sequence may take to begin`(value: String, seconds: Double) {
            setenv("ESCDELAY", value, 1)
            defer { unsetenv("ESCDELAY") }
            #expect(Terminal.patience == seconds)
        }

        @Test func `no more is read while keys wait to be taken`() throws {
            let pty = try Pty()
            let terminal = try pty.terminal()
            defer { terminal.close() }
            pty.type("abc")
            #expect(terminal.soon() == .key(.character("a")))
            pty.type(String(repeating: "x", count: 1_000))
            #expect(terminal.soon() == .key(.character("b")))
            #expect(terminal.typed == [.key(.character("c"))])
        }

        @Test func `keys that were typed ahead come one by one`() throws {
            let pty = try Pty()
            let terminal = try pty.terminal()
            defer { terminal.close() }
            pty.type("t\u{1B}[Dq")
            #expect(
                (0..<3).map { _ in terminal.soon() } == [.key(.character("t")), .key(.left), .key(.character("q"))])
        }
    }
}

extension String {
    /// Ctrl-Z would stop the tests; Ctrl-Y stands in for it.
    fileprivate var replacingSuspend: String { self == "\u{1A}" ? "\u{19}" : self }
}
