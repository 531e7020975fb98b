internal import Screen

/// What one more byte means in each state.
extension KeyDecoder {
    mutating func take(_ byte: UInt8, _ typed: inout [Typed]) {
        let pressed = isDoubtful ? Introducer(rawValue: byte) : nil
        bracket = nil
        goOn(byte, &typed)
        guard let pressed, pressed.isBracket else { return }
        if isSwallowing { bracket = pressed } else { typed.append(.key(pressed.key)) }
    }

    private mutating func goOn(_ byte: UInt8, _ typed: inout [Typed]) {
        switch state {
        case .ground: begin(byte, &typed)
        case .character(let partial): goOn(partial, byte, &typed)
        case .escape(let isRepeated): escaped(byte, isRepeated, &typed)
        case .afterEscape: afterEscape(byte, &typed)
        case .sequence(let sequence): goOn(sequence, byte, &typed)
        case .mouseBytes(let left): goOn(mouseBytes: left, byte, &typed)
        case .string(let string): goOn(string, byte, &typed)
        case .paste(let buffer): goOn(buffer, byte, &typed)
        }
    }

    private mutating func begin(_ byte: UInt8, alt: Key.Modifiers = [], _ typed: inout [Typed]) {
        state = .ground
        if byte == ASCII.escape {
            state = .escape(isRepeated: false)
        } else if let introducer = Introducer(eightBit: byte) {
            state = introducer.state(isEightBit: true)
        } else if let partial = PartialCharacter(byte, alt) {
            state = .character(partial)
        } else if let key = Key(byte) {
            typed.append(.key(key.held(alt)))
        }
    }

    private mutating func escaped(_ byte: UInt8, _ isRepeated: Bool, _ typed: inout [Typed]) {
        if byte == ASCII.escape {
            state = .escape(isRepeated: true)
        } else if let introducer = Introducer(rawValue: byte) {
            state = introducer.state(modifiers: isRepeated ? .alt : [])
        } else if byte == ASCII.backslash {
            // The end of a string that was given up.
            state = .ground
        } else {
            begin(byte, alt: .alt, &typed)
        }
    }

    private mutating func afterEscape(_ byte: UInt8, _ typed: inout [Typed]) {
        guard byte != ASCII.backslash else { return state = .ground }
        guard let introducer = Introducer(rawValue: byte) else { return begin(byte, &typed) }
        state = introducer.state(isLate: true)
    }

    private mutating func goOn(_ partial: PartialCharacter, _ byte: UInt8, _ typed: inout [Typed]) {
        guard let longer = partial.adding(byte) else { return begin(byte, &typed) }
        guard longer.isWhole else { return state = .character(longer) }
        state = .ground
        if let key = longer.key { typed.append(.key(key)) }
    }

    private mutating func goOn(_ sequence: ControlSequence, _ byte: UInt8, _ typed: inout [Typed]) {
        var sequence = sequence
        state = .ground
        switch sequence.take(byte) {
        case .goesOn: state = .sequence(sequence)
        case .key(let key): if !sequence.isLate { typed.append(.key(key)) }
        case .pasteBegins: state = .paste(PasteBuffer())
        case .mouseBytesFollow: state = .mouseBytes(3)
        case .broken: begin(byte, &typed)
        case .nothing: break
        }
    }

    private mutating func goOn(mouseBytes left: Int, _ byte: UInt8, _ typed: inout [Typed]) {
        guard byte >= 0x20 else { return begin(byte, &typed) }
        // A byte that goes on with a character of UTF-8 is none of the three.
        let rest = 0x80..<0xC0 ~= byte ? left : left - 1
        state = rest > 0 ? .mouseBytes(rest) : .ground
    }

    private mutating func goOn(_ string: ControlString, _ byte: UInt8, _ typed: inout [Typed]) {
        var string = string
        state = .ground
        switch string.take(byte) {
        case .goesOn: state = .string(string)
        case .over: break
        // An ESC that does not end the string has cancelled it, and begins something else.
        case .escaped: escaped(byte, false, &typed)
        }
    }

    private mutating func goOn(_ buffer: PasteBuffer, _ byte: UInt8, _ typed: inout [Typed]) {
        var buffer = buffer
        guard buffer.isOver(with: byte) else { return state = .paste(buffer) }
        state = .ground
        typed.append(.paste(Paste(text: buffer.text, isWhole: true)))
    }
}
