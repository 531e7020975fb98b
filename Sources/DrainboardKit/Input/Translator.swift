import Foundation
package import LogImport
import ShutdownTrace

/// Turns whatever comes, a trace or another program's log, into the lines of a trace, in pieces of any size.
struct Translator {
    private enum Stage {
        /// It is not known yet what this is.
        case gathering([UInt8])
        case trace
        case log(LogImporter)
        case refused
    }

    /// A sentence about input that is neither.
    private(set) var complaint: String?
    /// Events that a log became so far.
    private(set) var events = 0
    /// What is wrong with a log: "line 12: …", the first twenty, and then how many more.
    var problems: [String] { sentences + (more == 0 ? [] : ["and \(more) more problems"]) }
    private var sentences: [String] = []
    private var more = 0
    private var stage = Stage.gathering([])
    private let name: String
    private let rules: RuleBook
    private let latest: Int64?
    private let limit: LogImporter.Limit

    private static let mostProblems = 20
    private static let enough = 1 << 16

    /// - Parameters:
    ///   - name: The title of a run whose program no rule knows.
    ///   - rules: What the lines of logs mean.
    ///   - latest: Seconds since 1970 that no line is later than.
    ///   - limit: How many lines of a log that say nothing of its shutdown are passed on.
    init(name: String, rules: RuleBook, latest: Int64? = nil, limit: LogImporter.Limit = .none) {
        (self.name, self.rules, self.latest, self.limit) = (name, rules, latest, limit)
    }

    /// Whether something may be held back that ``rest()`` hands over.
    var mayHoldBack: Bool {
        switch stage {
        case .gathering(let bytes): !bytes.isEmpty
        case .log(let importer): importer.lineNumber <= LogImporter.window
        case .trace, .refused: false
        }
    }

    /// What the first bytes of the input are.
    func recognise(_ bytes: [UInt8]) -> Recognition { LogImporter.recognise(bytes, rules: rules) }

    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        switch stage {
        case .trace: return bytes
        case .refused: return []
        case .log(var importer):
            stage = .refused  // No second importer while this one changes.
            let lines = importer.convert(bytes) { note($0) }
            stage = .log(importer)
            return lines
        case .gathering(let before):
            let all = before + bytes
            stage = .gathering(all)
            // What may still turn out to be a trace is given some time.
            switch recognise(all) {
            case .log, .empty, .binary: return all.count >= Self.enough ? decide() : []
            case .trace, .compressed: return decide()
            }
        }
    }

    /// Tells that nothing has come for a while.
    mutating func rest() -> [UInt8] {
        switch stage {
        case .trace, .refused: return []
        case .gathering(let bytes): return bytes.contains(UInt8(ascii: "\n")) ? decide() + rest() : []
        case .log(var importer):
            let items = importer.rest()
            for item in items { note(item) }
            stage = .log(importer)
            return items.flatMap { LogImporter.line($0) }
        }
    }

    mutating func end() -> [UInt8] {
        switch stage {
        case .trace, .refused: return []
        case .gathering: return decide() + end()
        case .log(var importer):
            defer { stage = .log(importer) }
            return importer.convertEnd { note($0) }
        }
    }

    private mutating func note(_ item: TraceReader.Item) {
        switch item {
        case .header: break
        case .event: events += 1
        case .problem(let line, let text):
            // It becomes an event too.
            events += 1
            if sentences.count < Self.mostProblems { sentences.append("line \(line): \(text)") } else { more += 1 }
        }
    }

    private mutating func decide() -> [UInt8] {
        guard case .gathering(let bytes) = stage else { return [] }
        let recognition = recognise(bytes)
        complaint = bytes.isEmpty ? nil : recognition.complaint
        switch recognition {
        case .log:
            stage = .log(LogImporter(rules: rules, name: name, latest: latest, limit: limit))
            return take(bytes)
        case .trace: stage = .trace
        case .compressed, .binary, .empty: stage = .refused
        }
        return complaint == nil ? bytes : []
    }
}

extension RuleBook {
    /// The rules that are built in, with those of a file before them.
    ///
    /// - Throws: `Failure` when the file cannot be read, with the number of the line.
    package static func builtIn(extendedBy file: String?) throws -> RuleBook {
        guard let file else { return .builtIn }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Failure("Cannot read the rules in \(file). Is it there, and text in UTF-8?")
        }
        do throws(RuleBook.Problem) {
            return RuleBook.builtIn.extended(by: try RuleBook(text))
        } catch {
            throw Failure("\(file), \(error.description)")
        }
    }
}
