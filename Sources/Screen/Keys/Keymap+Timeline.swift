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
        Binding(
            [.left, .right], "←→", "5 s back or forward; in a shutdown a tenth of it", yields: -1,
            label: { view, now in now.movesFirst(view) ? .init(now.stride(forward: false).words) : nil },
            works: { $1.transport != nil }
        ) { view, now, key in
            let stride = now.stride(forward: key == .right)
            return view.go(.skip(key == .right ? stride : .zero - stride))
        },
        go([.character("["), .character("]")], "[]", "the phase or signal before, and the next", "phases", yields: -1) {
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
            works: { view, now in now.transport != nil && !view.filter.isEmpty },
            why: { view, _ in view.filter.isEmpty ? "it needs a filter, press / and type one" : nil }
        ) { view, _, key in
            view.leave()
            return .find(forward: key == .character("n"))
        },
    ]

    /// A key that moves on the timeline.
    private static func go(
        _ keys: [Key], _ name: String, _ help: String, _ label: String? = nil, yields: Int = 0,
        _ move: @escaping @Sendable (Key) -> Move
    ) -> Binding {
        // For a live server other keys matter more.
        Binding(
            keys, name, help, yields: yields,
            label: { $1.movesFirst($0) ? label.map { Binding.Label($0) } : nil },
            works: { $1.transport != nil }
        ) { view, _, key in view.go(move(key)) }
    }
}

extension Situation {
    /// Whether keys that move on the timeline matter most: in a recording, in the past, and on the panes after the exit.
    func movesFirst(_ view: View) -> Bool {
        transport != nil && (!isPresent || isJudged(view) && view.showsBoardAfterExit)
    }

    /// How far one step goes: in a shutdown a tenth of it, and never over its beginning, nor far over its end.
    func stride(forward: Bool) -> Time {
        let usual = Time.seconds(5)
        guard let transport, let signal = transport.signals.first, let end = transport.phases.last, end > signal else {
            return usual
        }
        let here = transport.position
        let tenth = min(usual, max(.milliseconds(1), Time(microseconds: (end - signal).microseconds / 10)))
        switch (forward, here) {
        case (false, ...signal): return usual
        case (false, ...end): return min(tenth, here - signal)
        // A moment behind the end is no step of its own.
        case (false, _): return here - end > tenth ? min(usual, here - end) : here - end + tenth
        case (true, ..<signal): return min(usual, signal - here)
        case (true, ..<end): return min(tenth, end - here)
        case (true, _): return usual
        }
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
