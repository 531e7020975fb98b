import Glibc
import Screen

@testable import Terminal

/// A pseudo-terminal of the test's own (pty(7)): what a terminal emulator holds, and what a program holds.
final class Pty {
    let master: Int32
    let slave: Int32
    /// The line discipline that it had at first.
    private var first = termios()

    struct Unavailable: Error {}

    /// TIOCSPTLCK and TIOCGPTPEER (ioctl_tty(2)), macros that Swift does not import.
    private static let setLock: UInt = 0x4004_5431
    private static let openPeer: UInt = 0x5441

    init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        guard master >= 0 else { throw Unavailable() }
        var locked: Int32 = 0
        _ = ioctl(master, Self.setLock, &locked)
        slave = ioctl(master, Self.openPeer, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Unavailable() }
        resize(columns: columns, rows: rows)
        tcgetattr(slave, &first)
    }

    /// Sets its first line discipline again, as a program does that remembers it.
    func restore() { tcsetattr(slave, TCSANOW, &first) }

    deinit {
        close(slave)
        close(master)
    }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Opens a terminal here, as xterm with 256 colours in a UTF-8 locale.
    func terminal(
        color: ColorChoice = .always, ascii: Bool = false, mouse: Bool = false, type: String = "xterm-256color"
    ) throws -> Terminal {
        setenv("TERM", type, 1)
        setenv("LC_ALL", "C.UTF-8", 1)
        return try Terminal(input: slave, output: slave, color: color, theme: .dark, ascii: ascii, mouse: mouse)
    }

    func type(_ keys: String) {
        write(master, keys, keys.utf8.count)
    }

    /// What the terminal has been sent since the last call.
    func sent() -> String {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var all: [UInt8] = []
        var event = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        while poll(&event, 1, 50) > 0, event.revents & Int16(POLLIN) != 0 {
            let count = read(master, &bytes, bytes.count)
            guard count > 0 else { break }
            all += bytes[..<count]
        }
        return String(decoding: all, as: UTF8.self)
    }

    var discipline: [UInt32] {
        var now = termios()
        tcgetattr(slave, &now)
        return [now.c_iflag, now.c_oflag, now.c_cflag, now.c_lflag]
    }
}

extension Frame {
    /// A frame of one style with these rows; a U+0000 marks the second column of a wide character.
    static func of(_ rows: [String], columns: Int = 80, count: Int = 24, style: Style = .plain) -> Frame {
        var frame = Frame(size: Size(columns: columns, rows: count))
        for (row, text) in rows.enumerated() {
            for (column, scalar) in text.unicodeScalars.enumerated() { frame[row, column] = Cell(scalar, style) }
        }
        return frame
    }
}

extension Terminal {
    /// What comes next, or `.timedOut` where a test would otherwise wait for ever.
    func soon() -> Input { next(until: Terminal.now + 5) }
}
