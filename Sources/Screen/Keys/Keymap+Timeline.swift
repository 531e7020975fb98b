internal import ShutdownBoard
internal import ShutdownTrace

/// The keys that move on the timeline of a run, live or recorded.
extension Keymap {
    static let timeline: [Binding] = [
        Binding(
            [.character(" ")], "space", "play and pause; live: hold the picture, the server does not wait",
            label: { view, now in
                if view.isFrozen { return .init("go on") }
                guard let transport = now.transport, !now.isPresent else { return now.isGone ? nil : .init("freeze") }
                return .init(transport.motion == .still ? "play" : "pause")
            }
        ) { view, now, _ in
            let isLive = now.transport?.server != nil
            guard view.isFrozen || now.transport == nil || now.isPresent && isLive else { return view.go(.toggle) }
            guard now.transport?.isOver != true else { return view.go(.toggle) }
            view.isFrozen.toggle()
            return .freeze(view.isFrozen)
        },
        go([.character("."), .character(",")], ".,", "one event forward or back", "step") {
            .step($0 == .character(".") ? 1 : -1)
        },
        go([.left, .right], "←→", "5 s back or forward", "5 s") { .skip(.seconds($0 == .right ? 5 : -5)) },
        go([.character("["), .character("]")], "[]", "the phase or signal before, and the next", "phases") {
            .landmark(forward: $0 == .character("]"))
        },
        go([.home, .end], "Home End", "the start of the run; its end, which of a live run is the present") {
            $0 == .home ? .start : .end
        },
        go([.character("+"), .character("-"), .character("=")], "+-=", "faster, slower, normal speed", "speed") {
            $0 == .character("+") ? .faster : $0 == .character("-") ? .slower : .normalSpeed
        },
        go([.shiftLeft, .shiftRight], "Shift-←→", "a tenth of the run back or forward") {
            .leap(percent: $0 == .shiftRight ? 10 : -10)
        },
        go((0...9).map { .character(Character(String($0))) }, "0–9", "to the start, to 10 %, to 20 %, …") { key in
            guard case .character(let digit) = key else { return .start }
            return .percent((digit.wholeNumberValue ?? 0) * 10)
        },
        go([.character("\""), .character("'")], "\"'", "the mark before, and the next") {
            .mark(forward: $0 == .character("'"))
        },
        Binding(
            [.character("n"), .character("N")], "n N", "the next event with the filter's text, and the one before",
            label: { view, now in now.transport == nil || view.filter.isEmpty ? nil : .init("find") },
            works: { view, now in now.transport != nil && !view.filter.isEmpty }
        ) { view, _, key in
            view.leave()
            return .find(forward: key == .character("n"))
        },
    ]

    /// A key that moves on the timeline.
    private static func go(
        _ keys: [Key], _ name: String, _ help: String, _ label: String? = nil,
        _ move: @escaping @Sendable (Key) -> Move
    ) -> Binding {
        // For a live server other keys matter more.
        Binding(
            keys, name, help, label: { $1.isPresent ? nil : label.map { Binding.Label($0) } },
            works: { $1.transport != nil }
        ) { view, _, key in view.go(move(key)) }
    }
}

extension View {
    /// Ends a freeze and a scroll, and moves.
    mutating func go(_ move: Move) -> Effect {
        leave()
        return .move(move)
    }

    /// Ends a freeze and a scroll.
    fileprivate mutating func leave() {
        isFrozen = false
        eventsTop = nil
    }
}
