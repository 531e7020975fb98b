internal import CTerminal
internal import Glibc
package import Screen

/// The terminal that this process runs in: frames go out, keys, sizes and signals come in.
///
/// There is one instance at a time, owned by the thread that opened it (the main thread); only its `waker` may be used
/// on other threads. Whatever ends the process, the terminal is then as it was before.
package final class Terminal {
    /// What this terminal can show: UTF-8 where the locale says so and ASCII was not asked for.
    package let capabilities: Capabilities

    /// The colours in use.
    package let colors: Colors

    /// Wakes `next` from any thread.
    package let waker: Waker

    /// The extent in cells, at least 1×1; changes only when `next` returns `.resized` or `.resumed`.
    package private(set) var size: Size

    private let palette: Palette
    /// What the terminal shows; nil when that is unknown.
    private var shown: Frame?
    /// The newest frame, while the terminal is not read.
    private var waiting: Frame?
    private var line: [ct_cell] = []
    private var isOpen = true
    /// Stops this process with its group by what it is given, on the thread that reads keys: it may wait for a moment at
    /// which nothing forbids that.
    package var stopping: (() -> Void) -> Void = { stop in stop() }
    var decoder: KeyDecoder
    /// What was typed and is not reported yet.
    var typed: [KeyDecoder.Typed] = []
    var wasWoken = false

    /// Opens the terminal on standard output.
    ///
    /// Nothing is shown before the first `present`. Standard error, where it is a terminal, is kept in memory
    /// until `close` and printed then.
    ///
    /// - Parameters:
    ///   - keys: Where keys are read from.
    ///   - color: Whether colour is used at all.
    ///   - theme: What each ink looks like.
    ///   - ascii: Draws `?` for every character beyond ASCII; `capabilities.isUTF8` is then false.
    ///   - mouse: Whether the mouse is reported, as a key. The terminal then no longer selects text by it.
    /// - Returns: The terminal, which the caller closes.
    /// - Throws: `TerminalError` when there is no terminal that can be drawn on; nothing has been written then.
    package static func open(
        keys: KeySource = .standardInput, color: ColorChoice = .auto, theme: Theme = .dark, ascii: Bool = false,
        mouse: Bool = false
    ) throws(TerminalError) -> Terminal {
        prepareProcess()
        let input = try keys.descriptor()
        defer { if keys == .controllingTerminal { Glibc.close(input) } }
        return try Terminal(
            input: input, output: STDOUT_FILENO, color: color, theme: theme, ascii: ascii, mouse: mouse)
    }

    init(
        input: Int32, output: Int32, color: ColorChoice, theme: Theme, ascii: Bool, mouse: Bool = false
    ) throws(TerminalError) {
        guard let waker = Waker() else { throw .cannotOpen(reason: String(cString: strerror(errno))) }
        if let error = TerminalError(ct_open(input, output, ascii, mouse)) { throw error }
        let wanted = color.isWanted(noColor: getenv("NO_COLOR").map { String(cString: $0) })
        let colors = wanted && ct_start_colour() ? Colors(count: Int(ct_colours())) : .none
        self.waker = waker
        capabilities = Capabilities(isUTF8: ct_is_utf8())
        self.colors = colors
        decoder = KeyDecoder(patience: Self.patience)
        palette = Palette(theme: theme, colors: colors)
        size = Self.currentSize()
        for ink in Style.Ink.allCases {
            let look = palette[ink]
            ct_paint(Int32(ink.rawValue), look.color.map { Int32($0) } ?? -1, Int32(look.emphasis.rawValue))
        }
    }

    /// Shows a frame with one write(2) of what differs from the one before.
    ///
    /// A frame of another size is clipped, or leaves the rest blank. While the terminal is not read, only the newest
    /// frame is kept; `next` sends it when the terminal is read again.
    ///
    /// - Returns: The bytes handed to the terminal: 0 when nothing has changed or the terminal is not read.
    @discardableResult
    package func present(_ frame: Frame) -> Int {
        guard isOpen else { return 0 }
        if ct_backlog() {
            waiting = frame
            return 0
        }
        waiting = nil
        put(frame)
        shown = frame
        return ct_present()
    }

    /// Shows the frame that waited, once the terminal is read again.
    func presentWaiting() {
        if let frame = waiting { present(frame) }
    }

    /// Gives the terminal back as it was.
    ///
    /// Takes at most a second where the terminal is not read, and does nothing the second time.
    ///
    /// - Parameters:
    ///   - frame: A last picture to leave on the main screen.
    ///   - lines: What to say below it.
    package func close(keeping frame: Frame? = nil, saying lines: [String] = []) {
        guard isOpen else { return }
        isOpen = false
        var text = frame.map { palette.text(of: $0, isUTF8: capabilities.isUTF8) } ?? ""
        text += lines.map { "\($0)\n" }.joined()
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { ct_close($0.baseAddress, $0.count) }
        }
    }

    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when it goes on.
    ///
    /// The size may have changed meanwhile, and the next `present` sends the whole frame.
    package func suspend() {
        stopping(ct_suspend)
        forgetTyped()
        forgetShown()
    }

    /// Takes the terminal again after another program stopped and continued this process.
    func reenter() {
        ct_reenter()
        forgetShown()
    }

    /// Reads the size again: even where it is the same, the terminal may have lost what it showed.
    func resized() -> Size {
        ct_resize()
        forgetShown()
        return size
    }

    private func forgetShown() {
        shown = nil
        size = Self.currentSize()
    }

    private static func currentSize() -> Size {
        var columns: Int32 = 0
        var rows: Int32 = 0
        ct_size(&columns, &rows)
        return Size(columns: Int(columns), rows: Int(rows))
    }

    private func put(_ frame: Frame) {
        let before = shown?.size == frame.size ? shown : nil
        if before == nil { ct_erase() }
        let columns = frame.size.columns
        frame.cells.withUnsafeBufferPointer { new in
            for row in 0..<min(frame.size.rows, size.rows) {
                let cells = new[row * columns..<(row + 1) * columns]
                let old = before.map { $0.cells[cells.startIndex..<cells.endIndex] }
                put(row: row, cells, changed: Self.span(of: cells, differingFrom: old))
            }
        }
    }

    /// The smallest range of columns that covers every change and cuts no wide character.
    static func span(of cells: Slice<UnsafeBufferPointer<Frame.Cell>>, differingFrom old: ArraySlice<Frame.Cell>?)
        -> Range<Int>
    {
        guard let old else { return cells.indices }
        var first = cells.startIndex
        var end = cells.endIndex
        while first < end, cells[first] == old[first] { first += 1 }
        while end > first, cells[end - 1] == old[end - 1] { end -= 1 }
        guard first < end else { return first..<first }
        while first > cells.startIndex, cells[first].scalar.value == 0 { first -= 1 }
        while end < cells.endIndex, cells[end].scalar.value == 0 { end += 1 }
        return first..<end
    }

    private func put(row: Int, _ cells: Slice<UnsafeBufferPointer<Frame.Cell>>, changed: Range<Int>) {
        guard !changed.isEmpty else { return }
        line.removeAll(keepingCapacity: true)
        for index in changed {
            let cell = cells[index]
            line.append(
                ct_cell(
                    scalar: cell.scalar.value, ink: cell.style.ink.rawValue, emphasis: cell.style.emphasis.rawValue))
        }
        ct_put(Int32(row), Int32(changed.lowerBound - cells.startIndex), line, Int32(line.count))
    }
}
