/// How often one byte came alone: a person presses a key again and again where nothing seems to happen.
struct RepeatedKey {
    private var byte: UInt8?
    private var count = 0

    /// Notes what came so many seconds after the bytes before it.
    mutating func note(_ bytes: some Collection<UInt8>, after gap: Double) {
        let alone = bytes.count == 1 && gap >= 0.02 ? bytes.first : nil
        count = alone == byte ? count + 1 : 1
        byte = alone
    }

    /// Whether no terminal would have sent it so: five times the same, each alone.
    var isPerson: Bool { byte != nil && count >= 5 }
}
