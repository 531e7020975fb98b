internal import ShutdownTrace

/// The shutdown lines of known programs, as data: which line means which events, and who says so.
///
/// The text form is described in `RulesFormat.md`. Rules that are added come before the ones that are built in.
package struct RuleBook: Sendable {
    /// Why a rules file cannot be read: a sentence, with the line's number where there is one.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
        init(_ description: String) { self.description = description }
    }

    /// A program and its lines.
    struct Program: Sendable {
        let name: String
        /// The version whose source or log was read.
        let version: String
        /// Its rules are tried on every log, because a supervisor writes beside the program.
        let isAround: Bool
        /// Plain words that any program may use: they are tried only when nothing else fits, and what they give is inferred.
        let isGuess: Bool
        var rules: [Rule] = []
    }

    /// One line of a program.
    struct Rule: Sendable {
        let pattern: Pattern
        let trigrams: [UInt32]
        /// The pattern as it was written.
        let when: String
        /// What the line means; none for a line by which only the program is recognised.
        let events: [Meaning]
        /// What the rule gives every such event, in the words of the file.
        let values: Fields
        /// Where the wording comes from.
        let source: String
        /// Whether it is one of the plain words that any program may use.
        let isLoose: Bool
        /// How far the shutdown must be for it to count.
        let stage: ShutdownStage
        /// Whether it counts no more once a shutdown has begun.
        let isBefore: Bool
    }

    /// The programs of rules files.
    private var added: [Program] = []
    /// Whether the programs that are built in stand behind them.
    private let isExtension: Bool

    /// All programs, in the order in which they are tried.
    var programs: [Program] { isExtension ? Self.merged(added, before: Self.builtInPrograms) : added }

    /// No rules of a file: with those that are built in, or none at all.
    init(extending isExtension: Bool) {
        self.isExtension = isExtension
    }

    /// Reads a rules file.
    ///
    /// - Throws: `Problem`, with the number of the line that cannot be read.
    package init(_ text: String) throws(Problem) {
        self.init(extending: false)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            do throws(Problem) {
                try read(String(line))
            } catch {
                throw Problem("line \(index + 1): \(error.description)")
            }
        }
    }

    /// These rules with others before them, which win where both fit a line.
    package func extended(by other: RuleBook) -> RuleBook {
        var book = self
        book.added = Self.merged(other.programs, before: added)
        return book
    }

    private static func merged(_ others: [Program], before programs: [Program]) -> [Program] {
        var all = programs
        for program in others.reversed() {
            guard let index = all.firstIndex(where: { $0.name == program.name }) else {
                all.insert(program, at: 0)
                continue
            }
            all[index].rules.insert(contentsOf: program.rules, at: 0)
        }
        return all
    }

    private mutating func read(_ line: String) throws(Problem) {
        let fields: Fields
        do throws(LineParser.Problem) {
            fields = try LineParser.fields(line)
        } catch {
            throw Problem(error.description)
        }
        if let name = fields.string("program") {
            added.append(
                Program(
                    name: name, version: fields.string("version") ?? "", isAround: fields.bool("around") ?? false,
                    isGuess: fields.bool("guess") ?? false))
        } else {
            guard let last = added.indices.last else { throw Problem("a rule before any \"program\"") }
            added[last].rules.append(try Rule(fields, isGuess: added[last].isGuess))
        }
    }
}

extension RuleBook.Rule {
    private static let reserved: Set<Fields.Key> = ["when", "events", "source", "inferred", "after", "before"]

    /// Reads a rule, and checks that it has what its events need.
    init(_ entries: Fields, isGuess: Bool) throws(RuleBook.Problem) {
        guard let when = entries.string("when") else { throw RuleBook.Problem("neither \"program\" nor \"when\"") }
        let names = (entries.string("events") ?? "").split(separator: " ").map(String.init)
        self.when = when
        pattern = try Pattern(when, isLoose: isGuess)
        trigrams = TrigramFilter.hashes(of: pattern.anchor)
        isLoose = isGuess
        values = Fields(entries.entries.filter { !Self.reserved.contains($0.key) })
        events = try names.map { name throws(RuleBook.Problem) in
            try RuleBook.Meaning(name, isInferred: isGuess || entries.bool("inferred") ?? false)
        }
        source = entries.string("source") ?? ""
        isBefore = entries.bool("before") == true
        stage = entries.string("after") == "drain" ? .drained : entries.bool("after") == true ? .begun : .serving
        for event in events { try event.check(values, reading: pattern.names) }
    }

    /// Whether the line says that a signal came.
    var isAboutSignal: Bool { events.contains { $0.kind == .signalReceived } }
}
