internal import ShutdownBoard

/// The help: every key of the key table, then the meaning of the marks.
struct HelpOverlay {
    let scene: Scene
    let size: Size

    private var isPair: Bool { scene.view.comparison != nil }

    enum Line: Hashable {
        case title(String)
        case entry(String, String)
        /// A name that is wider than the column of names.
        case name(String)
        /// A mark of the pictures, in the canvas's character set.
        case mark(Glyphs.Mark, String)
        case gap
    }

    func draw(_ canvas: inout Canvas, scroll: Int) {
        let lines = Self.lines(size, ofPair: isPair)
        let (inner, shown) = OverlayPane.page(
            &canvas, size, title: "help", rows: lines.count, columns: Self.width, scroll: scroll)
        for (index, line) in lines[shown].enumerated() {
            drawLine(&canvas, line, inner.row + index, inner)
        }
    }

    private func drawLine(_ canvas: inout Canvas, _ line: Line, _ row: Int, _ inner: Rect) {
        switch line {
        case .gap: break
        case .title(let text): canvas.put(text, row, inner.column, Style(.faint), width: inner.columns)
        case .name(let name): canvas.put(name, row, inner.column, Style(.normal, .bold), width: inner.columns)
        case .entry(let name, let text): drawEntry(&canvas, name, text, row, inner)
        case .mark(let mark, let text): drawEntry(&canvas, scene.glyphs[mark], text, row, inner)
        }
    }

    private func drawEntry(_ canvas: inout Canvas, _ name: String, _ text: String, _ row: Int, _ inner: Rect) {
        let nameWidth = Self.nameWidth(inner.columns)
        canvas.put(name, row, inner.column, Style(.normal, .bold), width: nameWidth - 1)
        canvas.put(text, row, inner.column + nameWidth, width: max(0, inner.columns - nameWidth))
    }

    /// The scroll that shows the last page.
    static func lastScroll(_ size: Size, ofPair isPair: Bool = false) -> Int {
        Scrolling.last(lines(size, ofPair: isPair).count, rows: OverlayPane.rows(size))
    }

    private static let width = 84

    private static func nameWidth(_ columns: Int) -> Int { columns >= 30 ? 11 : 6 }

    /// The lines as they fit into the box on a screen of this size.
    static func lines(_ size: Size, ofPair isPair: Bool = false) -> [Line] {
        let columns = min(width, size.columns - 4)
        return (isPair ? pairEntries : entries).flatMap { line -> [Line] in
            func parts(_ text: String) -> [String] { Paragraph.lines(text, width: columns - nameWidth(columns)) }
            func rest(_ text: String) -> [Line] { parts(text).dropFirst().map { .entry("", $0) } }
            return switch line {
            case .entry(let name, let text) where name.count < nameWidth(columns):
                [.entry(name, parts(text).first ?? "")] + rest(text)
            case .entry(let name, let text): [.name(name)] + parts(text).map { .entry("", $0) }
            case .mark(let mark, let text): [.mark(mark, parts(text).first ?? "")] + rest(text)
            case .title, .name, .gap: [line]
            }
        }
    }

    private static let entries = entries(Keymap.sections)
    private static let pairEntries = entries(Keymap.pairSections)

    private static func entries(_ sections: [(title: String, bindings: [Binding])]) -> [Line] {
        var lines: [Line] = []
        for section in sections {
            if !lines.isEmpty { lines.append(.gap) }
            lines.append(.title(section.title))
            lines += section.bindings.map { .entry($0.name, $0.help) }
        }
        return lines + [
            .gap, .title("the mouse"), .entry("wheel", "scroll what is under it"),
            .entry("click", "choose a lane, a row, a moment; a key below acts"),
            .entry("", "a click never sends a signal, and never ends anything"),
            .entry("Shift+drag", "select text, in most terminals; or start with --no-mouse"),
            .gap, .title("marks"), .mark(.line, "the moment of a signal: what is left of it came before"),
            .mark(.running, "in flight, or being released"), .mark(.good, "answered whole; a rule that held"),
            .mark(.passed, "a step that lies behind, however it went"),
            .mark(.quiesced, "takes nothing new any more; a request turned away unharmed"),
            .mark(.inUse, "in use, or still to come"),
            .mark(.failed, "cut, lost, failed, or never released"), .gap, .title("words"),
        ] + Glossary.entries.map { .entry($0.term, $0.meaning) }
    }
}
