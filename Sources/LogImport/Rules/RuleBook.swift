public import ShutdownTrace

/// The shutdown lines of known programs, as data: which line means which events, and who says so.
///
/// The text form is described in `RulesFormat.md`. Rules that are added come before the ones that are built in.
public struct RuleBook: Sendable {
    /// Why a rules file was not taken.
    ///
    /// The text is a sentence, with the line's number where there is one.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    /// A program and its lines.
    public struct Program: Sendable {
        public let name: String
        /// The version whose source or log was read.
        public let version: String
        /// Its rules are tried on every log, whatever program wrote it: supervisors write into others' logs.
        public let isAround: Bool
        /// Plain words that any program may use: what they give is guessed, and only tried when nothing else fits.
        public let isGuess: Bool
        public internal(set) var rules: [Rule] = []
    }

    /// One line of a program.
    public struct Rule: Sendable {
        let pattern: Pattern
        let grams: [UInt32]
        /// The pattern as it was written.
        public let when: String
        /// What the line means; none for a line by which only the program is recognised.
        public let events: [Meaning]
        /// Fields that every such event gets.
        public let fields: Fields
        /// Where the wording comes from.
        public let source: String
        /// Whether it is one of the plain words that anybody may use.
        let isLoose: Bool
        /// How far the shutdown must be for it to count.
        let stage: Story.Stage
        /// Whether it counts no more once a shutdown has begun.
        let isBefore: Bool
    }

    /// One event that a line means.
    public struct Meaning: Hashable, Sendable {
        public let kind: EventKind
        /// Whether the line does not say it in so many words.
        public let isInferred: Bool
    }

    public internal(set) var programs: [Program] = []

    /// Reads a rules file.
    ///
    /// - Throws: `Problem`, with the number of the line that cannot be read.
    public init(_ text: String) throws(Problem) {
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
    public func extended(by other: RuleBook) -> RuleBook {
        var book = self
        for program in other.programs.reversed() {
            guard let index = book.programs.firstIndex(where: { $0.name == program.name }) else {
                book.programs.insert(program, at: 0)
                continue
            }
            book.programs[index].rules.insert(contentsOf: program.rules, at: 0)
        }
        return book
    }

    private mutating func read(_ line: String) throws(Problem) {
        let fields: Fields
        do throws(LineParser.Problem) {
            var result: Result<Fields, LineParser.Problem>?
            Array(line.utf8).withUnsafeBytes { bytes in
                do throws(LineParser.Problem) {
                    result = .success(try LineParser.fields(bytes))
                } catch {
                    result = .failure(error)
                }
            }
            fields = try result?.get() ?? [:]
        } catch {
            throw Problem(error.description)
        }
        if let name = fields.string("program") {
            programs.append(
                Program(
                    name: name, version: fields.string("version") ?? "", isAround: fields.bool("around") ?? false,
                    isGuess: fields.bool("guess") ?? false))
        } else {
            guard let last = programs.indices.last else { throw Problem("a rule before any \"program\"") }
            programs[last].rules.append(try Rule(fields, isGuess: programs[last].isGuess))
        }
    }
}

extension RuleBook.Rule {
    private static let reserved: Set<Fields.Key> = ["when", "events", "source", "inferred", "after", "before"]

    init(_ entries: Fields, isGuess: Bool) throws(RuleBook.Problem) {
        guard let when = entries.string("when") else { throw RuleBook.Problem("neither \"program\" nor \"when\"") }
        let names = (entries.string("events") ?? "").split(separator: " ").map(String.init)
        self.when = when
        pattern = try Pattern(when, isLoose: isGuess)
        grams = Grams.hashes(of: pattern.anchor)
        isLoose = isGuess
        events = try names.map { name throws(RuleBook.Problem) in
            try RuleBook.Meaning(name, isInferred: isGuess || entries.bool("inferred") ?? false)
        }
        fields = Fields(entries.entries.filter { !Self.reserved.contains($0.key) })
        source = entries.string("source") ?? ""
        isBefore = entries.bool("before") == true
        stage = entries.string("after") == "drain" ? .drained : entries.bool("after") == true ? .begun : .serving
    }
}

extension RuleBook.Rule {
    /// Whether the line says that a signal came.
    var isAboutSignal: Bool { events.contains { $0.kind == .signalReceived } }
}

extension RuleBook.Meaning {
    /// Reads `drain.ended`, or `drain.ended?` for what the line does not say itself.
    fileprivate init(_ text: String, isInferred: Bool) throws(RuleBook.Problem) {
        let name = text.hasSuffix("?") ? String(text.dropLast()) : text
        kind = EventKind(name: name)
        self.isInferred = isInferred || text.hasSuffix("?")
        guard kind != .unknown else { throw RuleBook.Problem("no event is called \(name)") }
    }
}
