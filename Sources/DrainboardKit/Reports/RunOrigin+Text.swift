import ShutdownBoard
import ShutdownTrace

/// How a run was made, as the end of a text.
extension RunOrigin {
    /// A blank line, a heading and a line for each fact; nothing where nothing is known.
    ///
    /// No line is broken, so that a command line can be copied.
    func lines(_ style: TableStyle) -> [String] {
        guard !rows.isEmpty else { return [] }
        return ["", style.paint("what was done", .strong)]
            + rows.map { style.safe("  " + $0.label.padded(right: 7) + "   " + $0.text) }
    }
}

extension Batch.Outcome {
    /// How the first of these runs was made, as the end of a text: the others were made by the same command.
    static func origin(_ outcomes: [Self], _ style: TableStyle) -> [String] {
        let first = outcomes.lazy.compactMap { try? $0.board() }.first
        return first.map { RunOrigin($0).lines(style) } ?? []
    }
}
