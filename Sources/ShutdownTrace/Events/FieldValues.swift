/// Reading a field as a value of a type, and writing a value as a field; nil is written as no field.
extension Fields {
    /// The value of a field without which the event means nothing.
    func need<T>(_ key: Key, _ value: T?) throws(Payload.Missing) -> T {
        guard let value else { throw Payload.Missing(field: key.rawValue) }
        return value
    }

    /// A whole number that must be there.
    func needInt(_ key: Key) throws(Payload.Missing) -> Int { try need(key, int(key)) }

    /// A count: never negative, and so small that no sum of them overflows.
    func count(_ key: Key) -> Int? { int(key).map { min(max($0, 0), 1 << 40) } }

    /// A word of a fixed set; nil for a word that this version does not know.
    func word<Word: RawRepresentable>(_ key: Key) -> Word? where Word.RawValue == String {
        string(key).flatMap(Word.init(rawValue:))
    }

    /// A signal's number, 1...64.
    func signal(_ key: Key) -> Signal? {
        int(key).flatMap { (1...64).contains($0) ? Signal(rawValue: Int32($0)) : nil }
    }

    /// A set of signals, as the list of their numbers; empty where there is none.
    func signals(_ key: Key) -> SignalSet {
        SignalSet((ints(key) ?? []).compactMap(Int32.init(exactly:)).map(Signal.init(rawValue:)))
    }
}

extension Fields {
    /// A list of lists of counts, such as `[[1,2],[3,4]]`; nil for anything else, and for a negative number.
    func table(_ key: Key) -> [[Int]]? {
        guard case .raw(let text) = self[key] else { return nil }
        let lines = text.filter { !$0.isWhitespace }.split(separator: "]")
        let rows = lines.map { line in
            line.drop { $0 == "[" || $0 == "," }.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        }
        let counts = rows.map { $0.compactMap { $0 }.filter { (0...(1 << 40)).contains($0) } }
        return zip(rows, counts).allSatisfy { $0.count == $1.count } ? counts : nil
    }
}

extension Fields.Value {
    static func table(_ rows: [[Int]]) -> Self {
        .raw("[" + rows.map { "[" + $0.map(String.init).joined(separator: ",") + "]" }.joined(separator: ",") + "]")
    }
}

extension Fields.Value? {
    static func number(_ value: Int?) -> Self { value.map(Fields.Value.number) }
    static func span(_ value: Time?) -> Self { value.map(Fields.Value.time) }
    static func text(_ value: String?) -> Self { value.map(Fields.Value.string) }
    static func flag(_ value: Bool?) -> Self { value.map(Fields.Value.bool) }
    static func word<Word: RawRepresentable>(_ value: Word?) -> Self where Word.RawValue == String {
        value.map { .string($0.rawValue) }
    }
    static func signals(_ value: SignalSet) -> Self { .list(value.map { Int($0.rawValue) }) }
}
