/// The flat fields of an event, in the order in which they were written.
///
/// Fields that no reader knows are kept, so a trace that is read and written again loses nothing.
public struct Fields: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The name of a field.
    ///
    /// The ones that Drainboard writes are static members.
    public struct Key: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral {
        private let name: Name

        /// A known name is never kept as text.
        private enum Name: Sendable {
            case known(KnownKey)
            case other(Text)
        }

        private final class Text: Sendable {
            let value: String
            init(_ value: String) { self.value = value }
        }

        public init(rawValue: String) {
            name = KnownKey.lexicon[rawValue].map(Name.known) ?? .other(Text(rawValue))
        }

        public init(stringLiteral value: String) { self.init(rawValue: value) }

        init(_ known: KnownKey) { name = .known(known) }

        init(_ word: UnsafeRawBufferPointer, in lexicon: Lexicon<KnownKey>) {
            if let known = lexicon[word] {
                name = .known(known)
            } else {
                name = .other(Text(String(decoding: word, as: UTF8.self)))
            }
        }

        public var rawValue: String {
            switch name {
            case .known(let known): KnownKey.names[Int(known.rawValue)]
            case .other(let text): text.value
            }
        }

        /// The known name that it is, if it is one.
        var known: KnownKey? { if case .known(let known) = name { known } else { nil } }

        public static func == (left: Self, right: Self) -> Bool {
            switch (left.name, right.name) {
            case (.known(let left), .known(let right)): left.rawValue == right.rawValue
            case (.other(let left), .other(let right)): left.value == right.value
            case (.known, .other), (.other, .known): false
            }
        }

        public func hash(into hasher: inout Hasher) {
            switch name {
            case .known(let known): hasher.combine(known.rawValue)
            case .other(let text): hasher.combine(text.value)
            }
        }
    }

    /// A JSON value.
    ///
    /// Fields are flat: an array or object is kept as its text.
    public enum Value: Hashable, Sendable {
        case string(String)
        case int(Int64)
        case double(Double)
        case bool(Bool)
        case null
        /// An array or object, as it was written.
        case raw(String)
    }

    /// Those of all events of a ``LineBatch`` are slices of one array.
    public private(set) var entries: ArraySlice<Entry>

    public struct Entry: Hashable, Sendable {
        public var key: Key
        public var value: Value

        public init(_ key: Key, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    public init(_ entries: [Entry] = []) {
        self.entries = entries[...]
    }

    init(slice: ArraySlice<Entry>) {
        entries = slice
    }

    public init(dictionaryLiteral elements: (Key, Value)...) {
        self.init(elements.map { Entry($0.0, $0.1) })
    }

    public subscript(key: Key) -> Value? {
        get {
            for index in entries.indices where entries[index].key == key { return entries[index].value }
            return nil
        }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(key, value))
            case (nil, nil): break
            }
        }
    }

    /// The value as a whole number, when it is one; a double is truncated toward zero.
    public func int(_ key: Key) -> Int? {
        switch self[key] {
        case .int(let number): Int(number)
        case .double(let number): Int(exactly: number.rounded(.towardZero))
        default: nil
        }
    }

    /// The value as a number.
    public func double(_ key: Key) -> Double? {
        switch self[key] {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    public func string(_ key: Key) -> String? {
        if case .string(let text) = self[key] { text } else { nil }
    }

    public func bool(_ key: Key) -> Bool? {
        if case .bool(let flag) = self[key] { flag } else { nil }
    }

    /// A span that was written in seconds.
    public func time(_ key: Key) -> Time? {
        double(key).map(Time.seconds)
    }

    /// The numbers of an array such as `[15,2]`.
    public func ints(_ key: Key) -> [Int]? {
        guard case .raw(let text) = self[key], text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        return text.dropFirst().dropLast().split(separator: ",").compactMap { part in
            Int(part.filter { !$0.isWhitespace })
        }
    }
}

extension Fields.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A whole number of any width.
    public static func number(_ value: some BinaryInteger) -> Self { .int(Int64(clamping: value)) }

    /// A span, in seconds with microseconds.
    public static func time(_ value: Time) -> Self { .double(value.seconds) }

    /// An array of whole numbers.
    public static func list(_ values: some Sequence<Int>) -> Self {
        .raw("[" + values.map(String.init).joined(separator: ",") + "]")
    }
}
