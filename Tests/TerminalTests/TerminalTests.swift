import Screen
import Testing

@testable import Terminal

/// ncurses keeps one terminal a process, so these run one after another.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct TerminalTests {
    @Test func `a frame is sent between the marks of a synchronised update`() throws {
        let pty = try Pty()
        let terminal = try pty.terminal()
        defer { terminal.close() }
        let bytes = terminal.present(.of(["waiting for 3 requests"]))
        let sent = pty.sent()
        #expect(sent.utf8.count == bytes)
        #expect(sent.hasPrefix("\u{1B}[?2026h") && sent.hasSuffix("\u{1B}[?2026l"))
        #expect(sent.contains("waiting for 3 requests"))
    }

    @Test func `nothing is sent when nothing has changed`() throws {
        let pty = try Pty()
        let terminal = try pty.terminal()
        defer { terminal.close() }
        terminal.present(.of(["the same"]))
        #expect(terminal.present(.of(["the same"])) == 0)
    }

    @Test func `a small change is sent in few bytes`() throws {
        let pty = try Pty(columns: 120, rows: 40)
        let terminal = try pty.terminal()
        defer { terminal.close() }
        terminal.present(.of(["in flight 12"], columns: 120, count: 40))
        #expect(1...60 ~= terminal.present(.of(["in flight 11"], columns: 120, count: 40)))
    }

    @Test func `the terminal is as it was after close, which may be called twice`() throws {
        let pty = try Pty()
        let before = pty.discipline
        let terminal = try pty.terminal()
        #expect(pty.discipline != before)
        terminal.present(.of(["shown"]))
        terminal.close()
        terminal.close()
        #expect(pty.discipline == before)
        let sent = pty.sent()
        for mode in ["1049", "1", "2004", "2026"] { #expect(sent.contains("\u{1B}[?\(mode)l")) }
        #expect(!sent.contains("1034"))
        #expect(terminal.present(.of(["too late"])) == 0)
    }

    @Test(arguments: [false, true])
    func `the mouse is asked for only where it is wanted, and let go at the end`(isWanted: Bool) throws {
        let pty = try Pty()
        let terminal = try pty.terminal(mouse: isWanted)
        terminal.present(.of(["shown"]))
        let shown = pty.sent()
        terminal.close()
        let left = pty.sent()
        for mode in ["1000", "1006"] {
            #expect(shown.contains("\u{1B}[?\(mode)h") == isWanted)
            #expect(left.contains("\u{1B}[?\(mode)l") == isWanted)
        }
    }

    @Test func `a terminal that another program has set otherwise is taken back, and given back as it was`() throws {
        let pty = try Pty()
        let before = pty.discipline
        let terminal = try pty.terminal()
        terminal.present(.of(["shown"]))
        let ours = pty.discipline
        pty.restore()
        #expect(terminal.soon() == .resumed)
        #expect(pty.discipline == ours)
        pty.type("q")
        #expect(terminal.soon() == .key(.character("q")))
        terminal.close()
        #expect(pty.discipline == before)
    }

    @Test func `the last frame stays on the main screen when asked to`() throws {
        let pty = try Pty()
        let terminal = try pty.terminal()
        terminal.present(.of(["shown"]))
        terminal.close(keeping: .of(["kept"], count: 2, style: Style(.loss)))
        let main = pty.sent().components(after: "\u{1B}[?1049l")
        #expect(main.contains("\u{1B}[0;1;38;5;208mkept\u{1B}[m\r\n"))
    }

    @Test func `what is not ASCII is drawn as a question mark where the locale has nothing else`() throws {
        let pty = try Pty()
        let terminal = try pty.terminal(ascii: true)
        defer { terminal.close() }
        #expect(!terminal.capabilities.isUTF8)
        terminal.present(.of(["─ é 漢\u{0}|"]))
        let sent = pty.sent()
        #expect(sent.contains("? ? ? |") && sent.unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test func `control characters in a frame never reach the terminal`() throws {
        let pty = try Pty()
        let terminal = try pty.terminal()
        defer { terminal.close() }
        terminal.present(.of(["a\u{1B}]52;c;x\u{7}b\u{9B}31m\u{202E}z"]))
        let sent = pty.sent()
        #expect(sent.contains("a?]52;c;x?b?31m?z"))
        #expect(!sent.contains("\u{9B}") && !sent.contains("\u{202E}"))
    }

    @Test func `a wide character takes two columns, and half of one at the edge is not drawn`() throws {
        let pty = try Pty(columns: 4, rows: 3)
        let terminal = try pty.terminal()
        defer { terminal.close() }
        terminal.present(.of(["漢\u{0}ab", "abc漢"], columns: 4, count: 3))
        let sent = pty.sent()
        #expect(sent.contains("漢ab") && sent.contains("abc?"))
    }

    @Test(arguments: [(1, 1), (2, 1), (1, 50), (20, 4), (400, 120)])
    func `every size is drawn`(columns: Int, rows: Int) throws {
        let pty = try Pty(columns: UInt16(columns), rows: UInt16(rows))
        let terminal = try pty.terminal()
        defer { terminal.close() }
        #expect(terminal.size == Size(columns: columns, rows: rows))
        terminal.present(.of(["x"], columns: columns, count: rows))
        #expect(pty.sent().contains("x"))
    }

    @Test func `a terminal that reports no size counts as 80×24`() throws {
        let pty = try Pty(columns: 0, rows: 0)
        let terminal = try pty.terminal()
        defer { terminal.close() }
        #expect(terminal.size == Size(columns: 80, rows: 24))
    }

    @Test func `no colour is sent when none is wanted, and emphasis stays`() throws {
        let pty = try Pty()
        let terminal = try pty.terminal(color: .never)
        defer { terminal.close() }
        #expect(terminal.colors == .none)
        terminal.present(.of(["lost"], style: Style(.loss)))
        let sent = pty.sent()
        #expect(!sent.contains("38;5") && sent.contains("\u{1B}[0;1mlost"))
    }

    @Test func `the waker is heard once for many calls`() throws {
        let pty = try Pty()
        let terminal = try pty.terminal()
        defer { terminal.close() }
        terminal.waker.wake()
        terminal.waker.wake()
        #expect(terminal.soon() == .woken)
        #expect(terminal.next(until: Terminal.now) == .timedOut)
    }
}

extension String {
    func components(after mark: String) -> Substring {
        guard let range = ranges(of: mark).last else { return "" }
        return self[range.upperBound...]
    }
}
