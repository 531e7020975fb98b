internal import ShutdownTrace

/// Finds the program of a log by its lines, and the rule that fits a line.
struct Matcher: Sendable {
    private let book: RuleBook
    private var grams = Grams()
    /// How many lines of each program were seen while the program was not decided.
    private var scores: [Int]
    private var chosen: Int?
    /// One gram of each rule, so that a rule that cannot fit is not even loaded; nil fits anything.
    private let keys: [[UInt32?]]

    init(_ book: RuleBook) {
        self.book = book
        keys = book.programs.map { $0.rules.map { $0.grams.last } }
        scores = Array(repeating: 0, count: book.programs.count)
    }

    var program: String? { chosen.map { book.programs[$0].name } }

    /// A rule that fits a line, with the values of its fields.
    struct Match {
        var rule: RuleBook.Rule
        var fields: Fields

        /// Whether the line says that a process has come up.
        var startsProcess: Bool { rule.events.contains { $0.kind == .processServing || $0.kind == .listenerOpened } }

        func events(at time: Time) -> [Event] {
            rule.events.map { meaning in
                var fields = Self.fields(fields, for: meaning.kind)
                if meaning.isInferred { fields[.inferred] = true }
                return Event(meaning.kind, from: .importer, at: time, fields)
            }
        }

        /// A line that means two events gives each what belongs to it.
        private static func fields(_ fields: Fields, for kind: EventKind) -> Fields {
            let wanted: Set<Fields.Key> =
                switch kind {
                case .signalReceived: [.signal, .sender]
                case .signalSent: [.signal, .pid, .by]
                case .shutdownBegan, .shutdownForced: [.cause]
                case .shutdownEnded: [.outcome]
                case .drainBegan: [.open]
                case .drainEnded, .drainDeadlinePassed: [.left, .cause]
                case .processServing, .listenerOpened: [.port]
                case .processExited: [.how, .code, .signal, .core]
                case .resourceAcquired, .resourceQuiesced, .resourceReleasing, .resourceReleased, .resourceFailed:
                    [.name, .cause, .left, .detail]
                case .listenerClosed, .leadEnded, .readinessLowered, .graceExpired: [.grace]
                default: Set(fields.entries.map(\.key))
                }
            return Fields(fields.entries.filter { wanted.contains($0.key) })
        }
    }

    /// Counts a line for every program that knows it.
    mutating func look(at line: [UInt8]) {
        grams.fill(from: line)
        for index in book.programs.indices where !book.programs[index].isGuess {
            if find(line, in: index, at: .drained) != nil { scores[index] += 1 }
        }
    }

    /// Takes the program that knows most lines; supervisors only count where nobody else is known.
    mutating func decide() {
        let seen = scores.indices.filter { scores[$0] > 0 }
        let programs = seen.filter { !book.programs[$0].isAround }
        chosen = (programs.isEmpty ? seen : programs).max { (scores[$0], -$0) < (scores[$1], -$1) }
    }

    /// The rules that fit a line: one, or of plain words one for the signal and one for what it sets off.
    mutating func match(_ line: [UInt8], at stage: Story.Stage) -> [Match] {
        grams.fill(from: line)
        if let chosen, let match = find(line, in: chosen, at: stage) { return [match] }
        for index in book.programs.indices where book.programs[index].isAround && index != chosen {
            if let match = find(line, in: index, at: stage) { return [match] }
        }
        return isOpen ? matchStranger(line, at: stage) : []
    }

    /// Nobody known so far: this line may be the first that says who, or speak in plain words.
    private mutating func matchStranger(_ line: [UInt8], at stage: Story.Stage) -> [Match] {
        for index in book.programs.indices where !book.programs[index].isGuess && !book.programs[index].isAround {
            if let match = find(line, in: index, at: stage) {
                chosen = index
                return [match]
            }
        }
        for index in book.programs.indices where book.programs[index].isGuess {
            guard let first = find(line, in: index, at: stage) else { continue }
            guard first.rule.isAboutSignal else { return [first] }
            let second = find(line, in: index, at: max(stage, .begun)) { !$0.isAboutSignal }
            return [first] + [second].compactMap { $0 }
        }
        return []
    }

    /// Whether no program is known, or only one that speaks of others.
    private var isOpen: Bool { chosen.map { book.programs[$0].isAround } ?? true }

    private func find(
        _ line: [UInt8], in program: Int, at stage: Story.Stage, where suits: (RuleBook.Rule) -> Bool = { _ in true }
    ) -> Match? {
        for (index, key) in keys[program].enumerated() {
            if let key, !grams.mayHold(key) { continue }
            let rule = book.programs[program].rules[index]
            guard stage >= rule.stage, !rule.isBefore || stage == .serving else { continue }
            guard grams.mayHold(rule.grams), suits(rule) else { continue }
            var steps = 0
            if let captures = rule.pattern.match(line, steps: &steps),
                let fields = Self.fields(rule, captures, line)
            {
                return Match(rule: rule, fields: fields)
            }
        }
        return nil
    }

    /// The rule's own fields and what the line holds; nil when what stands for a signal is none.
    private static func fields(_ rule: RuleBook.Rule, _ captures: [Pattern.Capture], _ line: [UInt8]) -> Fields? {
        var fields = rule.fields
        for capture in captures {
            let text = LogText.string(line[capture.range]).trimmed
            let key = Fields.Key(rawValue: capture.name)
            if key == .signal {
                guard let signal = Signal(name: text), !rule.isLoose || stopping.contains(signal) else { return nil }
                fields[key] = .number(signal.rawValue)
            } else if Pattern.numbers.contains(capture.name) {
                fields[key] = Int64(text).map(Fields.Value.int)
            } else {
                fields[key] = .string(String(text.prefix(80)))
            }
        }
        return fields
    }

    /// Any other signal in somebody's own words is more likely about something else, such as a new configuration.
    static let stopping: Set<Signal> = [.terminate, .interrupt, .quit]
}

extension String {
    /// Without spaces, quotes and points at its ends.
    var trimmed: String {
        let ends: Set<Character> = [" ", "\"", "'", ".", ",", ":", "]", "["]
        let front = drop { ends.contains($0) }
        return String(front.reversed().drop { ends.contains($0) }.reversed())
    }
}

extension Signal {
    /// A signal as programs write it: `SIGTERM`, `term`, `15`, or Go's words for it.
    init?(name: String) {
        // The words of syscall.Signal.String (Go, syscall/zerrors_linux_amd64.go).
        let words = [
            "terminated": Signal.terminate, "interrupt": .interrupt, "hangup": .hangup, "killed": .kill, "quit": .quit,
        ]
        if let signal = words[name.lowercased()] {
            self = signal
        } else {
            self.init(name)
        }
    }
}
