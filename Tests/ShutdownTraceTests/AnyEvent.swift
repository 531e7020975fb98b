import ShutdownTrace
import TestSupport

/// Events and texts of every kind that can be written.
extension Seeded {
    static let oddStrings = [
        "", " ", "\"", "\\", "\\u0041", "a\u{0}b", "\u{1B}[31m", "\u{7F}", "\u{9B}", "\n\r\t\u{8}\u{C}", "é", "日本",
        "👩‍👩‍👧", "\u{FFFD}", "\u{FFFF}", "\u{10FFFF}", "\u{2028}", "e\u{301}", "{\"ev\":\"x\"}", "null", "/path?q=1&r=%00",
    ]

    static let rawValues = [
        "[]", "{}", "[15,2]", "[[[[[[]]]]]]", "{\"a\":{\"b\":[1,{\"c\":\"]}\"}]}}", "[\"\\\"\",\"\\\\\"]",
        String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
    ]

    mutating func string() -> String {
        (0..<Int.random(in: 0...3, using: &self)).map { _ in pick(Self.oddStrings) }.joined()
    }

    mutating func value() -> Fields.Value {
        switch Int.random(in: 0..<7, using: &self) {
        case 0: .string(string())
        case 1: .int(pick([0, 1, -1, 817, .max, .min, 1 << 53]))
        case 2: .double(pick([0.5, -1.25, 1e300, .leastNonzeroMagnitude, 1e16, 100, 0.1, .pi]))
        case 3: .bool(.random(using: &self))
        case 4: .null
        case 5: .raw(pick(Self.rawValues))
        default: .int(.random(in: -1_000_000...1_000_000, using: &self))
        }
    }

    /// Any event that can be written: known and unknown names, odd strings, and keys that are already taken.
    mutating func event() -> Event {
        let keys: [Fields.Key] = [.id, .path, .took, "odd \"key\"\n", "", "t", "ev", "seq", "src", "drainboard"]
        let fields = Fields((0..<Int.random(in: 0...5, using: &self)).map { _ in .init(pick(keys), value()) })
        let time = Time(
            microseconds: .random(in: pick([-5...5, 0...90_000_000, (-1 << 60)...(1 << 60)]), using: &self))
        let sequence = pick([0, 1, 41, .max])
        if Bool.random(using: &self) {
            return Event(pick(EventKind.allCases), from: pick(Source.allCases), at: time, sequence: sequence, fields)
        }
        return Event(name: string(), from: pick(Source.allCases), at: time, sequence: sequence, fields)
    }
}

/// Parses a text, and gives nil for a problem.
func parsed(_ text: String) -> LineParser.Line? { try? LineParser.parse(text) }

/// What is wrong with a text, or nil.
func problem(_ text: String) -> String? {
    do throws(LineParser.Problem) {
        _ = try LineParser.parse(text)
        return nil
    } catch {
        return error.description
    }
}

/// The line of an event as text, newline included.
func text(_ event: Event) -> String { String(decoding: LineWriter.line(event), as: UTF8.self) }

extension LineParser.Line {
    var event: Event? { if case .event(let event) = self { event } else { nil } }
    var header: Header? { if case .header(let header) = self { header } else { nil } }
}

/// An event's line with these fields after the four that every event has.
func line(_ fields: String) -> String { #"{"seq":1,"t":0.5,"src":"client","ev":"request.started""# + fields + "}" }
