/// The keys of two runs that are shown together.
extension Keymap {
    static let pair: [Binding] =
        timeline.filter { !keysOfOneRun.contains($0.name) } + [
            Binding([.character("d")], "d", "in what the two runs differ", label: { _, _ in .init("differences") }) {
                view, _, _ in
                view.overlay = .differences(scroll: 0)
                return nil
            },
            help,
            Binding(
                [.character("q"), .control("c")], "q", "leave; the differences stay on the terminal as text",
                side: .right, label: { _, _ in .init("quit") }
            ) { _, _, _ in .quit(keepingFrame: false) },
            Binding([.character("Q")], "Q", "leave, and leave the picture on the screen") { _, _, _ in
                .quit(keepingFrame: true)
            },
            suspend,
        ]

    /// Keys for events, marks and searches have no meaning for two runs.
    private static let keysOfOneRun = [".,", "\"'", "n N"]

    static let pairSections: [(title: String, bindings: [Binding])] = [
        ("keys", pair), ("in this help and over the differences", reading),
    ]
}
