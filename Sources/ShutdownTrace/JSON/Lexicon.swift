/// A fixed set of words, found by their bytes without making a String of them.
///
/// A trace repeats a hundred names millions of times. Looking one up costs three loads, a multiplication and a
/// comparison of whole words; with a dictionary of strings, indexing a million events takes two fifths longer.
/// `replay-cost names` in Tests/Benchmarks measures both.
struct Lexicon<Meaning: Sendable>: Sendable {
    private var slots: [Slot]

    private struct Slot {
        var mark: Fingerprint
        var meaning: Meaning?
    }

    /// - Parameter words: Different ones of at most ``Fingerprint/longest`` bytes; a longer one is never found.
    init(_ words: some Collection<(String, Meaning)>) {
        var size = 16
        while size < 4 * words.count { size *= 2 }
        slots = Array(repeating: Slot(mark: .none, meaning: nil), count: size)
        for (word, meaning) in words {
            let mark = Fingerprint(word)
            if !mark.isNone { slots[slot(of: mark)] = Slot(mark: mark, meaning: meaning) }
        }
    }

    subscript(word: UnsafeRawBufferPointer) -> Meaning? { slots[slot(of: Fingerprint(word))].meaning }

    subscript(word: String) -> Meaning? { slots[slot(of: Fingerprint(word))].meaning }

    /// Where a word stands, or the free slot that says it is none of these; three of four slots are free.
    private func slot(of mark: Fingerprint) -> Int {
        let mask = slots.count &- 1
        var index = mark.hash & mask
        while slots[index].mark != mark, !slots[index].mark.isNone { index = (index &+ 1) & mask }
        return index
    }
}

/// The whole text of a short word in four numbers: two words are the same if and only if these are.
struct Fingerprint: Equatable, Sendable {
    static let longest = 24

    /// The fingerprint of the empty word and of every word that is too long.
    static var none: Self { Fingerprint(UnsafeRawBufferPointer(start: nil, count: 0)) }

    var isNone: Bool { length == 0 }

    private let length: Int
    private let first: UInt64
    private let middle: UInt64
    private let last: UInt64

    init(_ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count
        switch count {
        case 8...Self.longest:
            // Eight bytes each from the start, the middle and the end leave no gap between them up to 24.
            self.init(
                length: count, first: bytes.loadUnaligned(as: UInt64.self),
                middle: bytes.loadUnaligned(fromByteOffset: count / 2 - 4, as: UInt64.self),
                last: bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
        case 4..<8:
            let start = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
            let end = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)))
            self.init(start | end &<< (8 &* (count &- 4)), count)
        case 1..<4:
            let middle = UInt64(bytes[count / 2]) &<< (8 &* (count / 2))
            self.init(UInt64(bytes[0]) | middle | UInt64(bytes[count - 1]) &<< (8 &* (count &- 1)), count)
        default: self.init(length: 0, first: 0, middle: 0, last: 0)
        }
    }

    /// Of a word of one to seven bytes: `eight` holds them, the first one lowest, and zeros behind them.
    private init(_ eight: UInt64, _ count: Int) { self.init(length: count, first: eight, middle: 0, last: 0) }

    private init(length: Int, first: UInt64, middle: UInt64, last: UInt64) {
        self.length = length
        self.first = first
        self.middle = middle
        self.last = last
    }

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { Fingerprint(UnsafeRawBufferPointer($0)) }
    }

    /// The upper bits of a product, which depend on every bit of the word.
    var hash: Int {
        let mixed = (first ^ middle &<< 1 ^ last &<< 2 ^ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 40)
    }
}
