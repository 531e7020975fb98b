/// The set of three-byte runs (trigrams) of a line, as a bit for each hash: one look at it rules out most rules.
struct TrigramFilter: Sendable {
    private var bits = [UInt64](repeating: 0, count: 64)

    mutating func fill(from line: [UInt8]) {
        bits.withUnsafeMutableBufferPointer { bits in
            bits.update(repeating: 0)
            line.withUnsafeBufferPointer { line in
                var trigram: UInt32 = 0
                for index in 0..<min(line.count, Pattern.reach) {
                    trigram = (trigram << 8 | UInt32(line[index].lowercased)) & 0xFF_FFFF
                    guard index >= 2 else { continue }
                    let hash = Self.hash(trigram)
                    bits[Int(hash >> 6)] |= 1 << (hash & 63)
                }
            }
        }
    }

    func mayHold(_ hashes: [UInt32]) -> Bool { hashes.allSatisfy(mayHold) }

    func mayHold(_ hash: UInt32) -> Bool { bits[Int(hash >> 6)] & (1 << (hash & 63)) != 0 }

    /// The hashes of at most four trigrams of a text.
    static func hashes(of text: [UInt8]) -> [UInt32] {
        guard text.count >= 3 else { return [] }
        let step = max(1, (text.count - 2) / 4)
        return stride(from: 0, to: text.count - 2, by: step).prefix(4).map { start in
            hash(text[start..<start + 3].reduce(0) { $0 << 8 | UInt32($1.lowercased) })
        }
    }

    private static func hash(_ trigram: UInt32) -> UInt32 { (trigram &* 0x9E37_79B1) >> 20 }
}
