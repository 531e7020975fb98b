internal import Screen

/// The bytes of a terminal as keys and pasted texts: a value that is given bytes and times.
///
/// A terminal writes keys, pasted text and its own answers into one stream. Only what is known to be a key is a key; an
/// answer, a report and an unknown sequence are swallowed whole (ECMA-48; xterm's ctlseqs).
///
/// Two things look alike: a person who presses Escape and then `[`, and a sequence that a slow line has cut after its
/// first byte. The lesser evil is a key that is lost; a key that sends a signal must not come out of a sequence:
///
/// - Escape is reported after a short patience. For half a second more, a byte that can go on with a sequence does.
/// - `[` and `]` only move on the timeline. Where one comes alone after Escape, it is reported, and what follows it
///   within half a second is swallowed as the rest of a sequence, but for another of them.
/// - A control sequence whose beginning came in one piece is never given up: a key at most is lost.
/// - A string or a paste without its end is given up after a second in which nothing comes, or when one key is pressed
///   five times, each alone, which no terminal sends. What it held is not run.
/// - Escape and a byte in one piece are that byte with Alt, which no plain key is.
struct KeyDecoder {
    /// Something that was typed.
    enum Typed: Hashable {
        case key(Key)
        case paste(Paste)
    }

    enum State {
        case ground
        case character(PartialCharacter)
        /// ESC came; after another ESC the key is one with Alt.
        case escape(isRepeated: Bool)
        /// Escape was reported; what comes may be the rest of a sequence.
        case afterEscape
        case sequence(ControlSequence)
        /// So many bytes of an old mouse report are still to come.
        case mouseBytes(Int)
        case string(ControlString)
        case paste(PasteBuffer)
    }

    /// How long a lone ESC may be the beginning of a sequence before it is reported as Escape.
    let patience: Double
    /// How long after Escape its sequence may go on.
    static let lateness = 0.5
    /// How long nothing must come before a string or a paste without its end is given up.
    static let silence = 1.0

    var state = State.ground
    /// `[` or `]`, which came late: in its sequence, or pressed by a person if nothing follows at once.
    var bracket: Introducer?
    /// When the last byte came.
    private var last = 0.0
    private var repeated = RepeatedKey()

    init(patience: Double = 0.05) { self.patience = patience }

    /// When ``pass(at:)`` is to be called; nil while nothing waits for a time.
    var deadline: Double? { span.map { last + $0 } }

    private var span: Double? {
        if bracket != nil { return patience }
        if isDoubtful { return Self.lateness }
        switch state {
        case .ground, .character, .mouseBytes, .afterEscape: return nil
        case .escape: return patience
        case .sequence(let sequence): return sequence.isLate ? Self.silence : nil
        case .string, .paste: return Self.silence
        }
    }

    /// Whether nothing has come since Escape was reported but what a person may have pressed.
    var isDoubtful: Bool {
        switch state {
        case .afterEscape: true
        case .sequence(let sequence): sequence.isLate && sequence.isEmpty
        case .string(let string): string.isLate && string.isEmpty
        default: false
        }
    }

    /// Takes what one read(2) gave.
    ///
    /// Bytes that are there are handed in before the time is: a program that was slow does not make them late.
    mutating func take(_ bytes: some Collection<UInt8>, at now: Double) -> [Typed] {
        var typed: [Typed] = []
        repeated.note(bytes, after: now - last)
        last = now
        guard !repeated.isPerson || !isSwallowing else {
            giveUp(&typed)
            return typed
        }
        for byte in bytes { take(byte, &typed) }
        return typed
    }

    /// Takes that nothing came until now.
    mutating func pass(at now: Double) -> [Typed] {
        var typed: [Typed] = []
        while let deadline, now >= deadline {
            if let pressed = bracket {
                typed.append(.key(pressed.key))
                bracket = nil
            } else if case .escape = state {
                typed.append(.key(.escape))
                state = .afterEscape
            } else {
                giveUp(&typed)
            }
        }
        return typed
    }

    /// Whether what comes is no key.
    var isSwallowing: Bool {
        switch state {
        case .sequence, .string, .paste: true
        default: false
        }
    }

    /// Leaves a sequence, a string or a paste whose end does not come.
    private mutating func giveUp(_ typed: inout [Typed]) {
        if case .paste(let buffer) = state { typed.append(.paste(Paste(text: buffer.text, isWhole: false))) }
        state = .ground
        bracket = nil
    }
}
