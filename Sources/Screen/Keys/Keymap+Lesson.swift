internal import ShutdownBoard
internal import ShutdownTrace

/// The keys of the lesson that is played: its sliders, its gate, its mended version, its deploy.
extension Keymap {
    static let lesson: [Binding] = [
        Binding(
            [.character("g")], "g", "hold the server before its next step, or let it go on",
            label: { view, now in now.hasGate ? .init(view.isHolding(now.board) ? "go on" : "hold") : nil },
            works: { $1.hasGate },
            why: { $1.missingServer ?? "only the demo server can be held" }
        ) { view, now, _ in
            let holds = view.isHolding(now.board)
            view.asksToHold = !holds
            return .gate(holds ? .release : .hold)
        },
        Binding(
            [.character("G")], "G", "while it is held: let it take one step, and hold it again",
            label: { view, now in now.hasGate && view.isHolding(now.board) ? .init("one step", "step") : nil },
            works: { view, now in now.hasGate && view.isHolding(now.board) },
            why: { view, now in now.missingServer ?? (now.hasGate ? "the server is not held, g holds it" : nil) }
        ) { view, _, _ in
            view.asksToHold = true
            return .gate(.step)
        },
        Binding(
            [.character("-"), .character("+")], "-+", "move the lesson's slider down and up",
            label: { view, now in now.isNarrow ? view.slider.map { .init($0.name) } : nil },
            works: { view, now in now.isPresent && view.slider != nil }
        ) { view, _, key in view.slide(by: key == .character("+") ? 1 : -1) },
        Binding(
            [.character("M")], "M", "the mended version of this lesson, or the broken one again",
            label: { view, now in
                guard view.canSwitchVersion(now), let playing = view.playing else { return nil }
                return .init(playing.isMended ? "broken" : "mended", playing.isMended ? "broken" : "mend")
            }, works: { $0.canSwitchVersion($1) },
            why: { view, now in
                now.transport?.server == nil ? "this is a recording, without a server" : "this has no mended version"
            }
        ) { view, _, _ in
            guard let playing = view.playing else { return nil }
            return .start(lesson: playing.lesson.name, isMended: !playing.isMended)
        },
        Binding(
            [.character("d")], "d", "this lesson as a rolling deploy: a second instance takes over",
            label: { view, now in view.canDeploy(now) && !now.isBusyLeaving ? .init("deploy") : nil },
            works: { $0.canDeploy($1) },
            why: { view, now in
                if now.transport?.server == nil { return "this is a recording, without a server" }
                return view.playing == nil ? "only the demo server is deployed" : "this is a deploy already"
            }
        ) { _, _, _ in .deploy },
    ]
}

extension Situation {
    /// Whether the row of the sliders has no room to name its keys.
    var isNarrow: Bool { size.columns < 60 && isPresent }

    /// Whether the server was asked to stop and is still there: then other keys matter more.
    var isBusyLeaving: Bool { isAlive && !stopSignals.isEmpty }

    /// Whether the server runs and has a gate.
    var hasGate: Bool { transport?.server.map { $0.hasGate && $0.isAlive } ?? false }
}

extension View {
    var sliderCount: Int { playing?.sliders.count ?? 0 }

    /// Whether the server is held, or will be at its next step.
    func isHolding(_ board: Board) -> Bool { asksToHold || board.gate.isHeld }

    func canSwitchVersion(_ now: Situation) -> Bool {
        playing?.lesson.canBeMended == true && now.transport?.server != nil
    }

    func canDeploy(_ now: Situation) -> Bool {
        playing.map { !$0.isDeploy } ?? false && now.transport?.server != nil
    }

    /// Asks for the slider's next position; at its end the slider stays, and a notice says so.
    mutating func slide(by step: Int) -> Effect? {
        guard let slider else { return nil }
        let wanted = slider.position + step
        guard slider.labels.indices.contains(wanted) else {
            notice = "The \(slider.name) stops here: \(slider.label) is its \(step < 0 ? "smallest" : "largest") value."
            return nil
        }
        return .slide(slider.setting, to: wanted)
    }
}
