internal import ShutdownTrace

/// Finds the program of a log by its lines, and the rule that fits a line.
struct Matcher: Sendable {
    private let programs: [RuleBook.Program]
    private var trigrams = TrigramFilter()
    /// How many lines of each program were seen while the program was not decided.
    private var scores: [Int]
    private var chosen: Int?
    /// One trigram of each rule, so that a rule that cannot fit is not even loaded; nil fits any line.
    private let keys: [[UInt32?]]

    init(_ book: RuleBook) {
        programs = book.programs
        keys = programs.map { $0.rules.map { $0.trigrams.last } }
        scores = Array(repeating: 0, count: programs.count)
    }

    var program: String? { chosen.map { programs[$0].name } }

    /// A rule that fits a line, with the rule's own values and those of the line.
    struct Match {
        var rule: RuleBook.Rule
        var values: Fields

        /// Whether the line says that a process has come up.
        var startsProcess: Bool { rule.events.contains { $0.kind == .processServing || $0.kind == .listenerOpened } }

        func facts(at time: Time) -> [LogFact] {
            rule.events.compactMap { meaning in
                meaning.content(values).map { LogFact(content: $0, time: time, isInferred: meaning.isInferred) }
            }
        }
    }

    /// Counts a line for every program that knows it.
    mutating func look(at line: [UInt8]) {
        trigrams.fill(from: line)
        for index in programs.indices where !programs[index].isGuess {
            if find(line, in: index, at: .drained) != nil { scores[index] += 1 }
        }
    }

    /// Chooses the program that knows most lines; supervisors only count where no other program is known.
    mutating func decide() {
        let seen = scores.indices.filter { scores[$0] > 0 }
        let candidates = seen.filter { !programs[$0].isAround }
        chosen = (candidates.isEmpty ? seen : candidates).max { (scores[$0], -$0) < (scores[$1], -$1) }
    }

    /// The rules that fit a line: one, or of plain words one for the signal and one for what the signal sets off.
    mutating func match(_ line: [UInt8], at stage: ShutdownStage) -> [Match] {
        trigrams.fill(from: line)
        if let chosen, let match = find(line, in: chosen, at: stage) { return [match] }
        for index in programs.indices where programs[index].isAround && index != chosen {
            if let match = find(line, in: index, at: stage) { return [match] }
        }
        return isOpen ? matchUnknown(line, at: stage) : []
    }

    /// No program is known so far: this line may be the first that a rule of one knows, or speak in plain words.
    private mutating func matchUnknown(_ line: [UInt8], at stage: ShutdownStage) -> [Match] {
        for index in programs.indices where !programs[index].isGuess && !programs[index].isAround {
            if let match = find(line, in: index, at: stage) {
                chosen = index
                return [match]
            }
        }
        for index in programs.indices where programs[index].isGuess {
            guard let first = find(line, in: index, at: stage) else { continue }
            guard first.rule.isAboutSignal else { return [first] }
            let second = find(line, in: index, at: max(stage, .begun)) { !$0.isAboutSignal }
            return [first] + [second].compactMap { $0 }
        }
        return []
    }

    /// Whether no program is known, or only a supervisor.
    private var isOpen: Bool { chosen.map { programs[$0].isAround } ?? true }

    private func find(
        _ line: [UInt8], in program: Int, at stage: ShutdownStage, where suits: (RuleBook.Rule) -> Bool = { _ in true }
    ) -> Match? {
        for (index, key) in keys[program].enumerated() {
            if let key, !trigrams.mayHold(key) { continue }
            let rule = programs[program].rules[index]
            guard stage >= rule.stage, !rule.isBefore || stage == .serving else { continue }
            guard trigrams.mayHold(rule.trigrams), suits(rule) else { continue }
            var steps = 0
            if let captures = rule.pattern.match(line, steps: &steps),
                let values = Self.values(rule, captures, line)
            {
                return Match(rule: rule, values: values)
            }
        }
        return nil
    }

    /// The rule's own values and those of the line; nil when what stands for a signal is none.
    private static func values(_ rule: RuleBook.Rule, _ captures: [Pattern.Capture], _ line: [UInt8]) -> Fields? {
        var values = rule.values
        for capture in captures {
            let text = LogText.string(line[capture.range]).trimmed
            let key = Fields.Key(rawValue: capture.name)
            if capture.name == Pattern.signal {
                guard let signal = Signal(logged: text), !rule.isLoose || stopping.contains(signal) else { return nil }
                values[key] = .number(signal.rawValue)
            } else if Pattern.numbers.contains(capture.name) {
                values[key] = Int64(text).map(Fields.Value.int)
            } else {
                values[key] = .string(String(text.prefix(80)))
            }
        }
        return values
    }

    /// The signals that plain words count: any other is more likely about something else, such as a new configuration.
    static let stopping: Set<Signal> = [.terminate, .interrupt, .quit]
}

extension String {
    /// Without spaces, quotes and points at its ends.
    fileprivate var trimmed: String {
        let ends: Set<Character> = [" ", "\"", "'", ".", ",", ":", "]", "["]
        let front = drop { ends.contains($0) }
        return String(front.reversed().drop { ends.contains($0) }.reversed())
    }
}

extension Signal {
    /// A signal as programs write it: `SIGTERM`, `term`, `15`, or Go's words for it.
    fileprivate init?(logged text: String) {
        // The words of syscall.Signal.String (Go, syscall/zerrors_linux_amd64.go).
        let words: [String: Signal] = [
            "terminated": .terminate, "interrupt": .interrupt, "hangup": .hangup, "killed": .kill, "quit": .quit,
        ]
        guard let signal = words[text.lowercased()] ?? Signal(text) else { return nil }
        self = signal
    }
}
