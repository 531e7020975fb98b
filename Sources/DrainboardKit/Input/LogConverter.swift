import Foundation
import LogImport
import ShutdownTrace

/// Converts any input, a trace or another program's log, into the lines of a trace, in pieces of any size.
struct LogConverter {
    private enum Stage {
        /// The input is not recognised yet.
        case gathering([UInt8])
        case trace
        case log(LogImporter)
        case refused
    }

    /// A sentence about input that is neither.
    private(set) var complaint: String?
    /// The events that a log has become so far.
    private(set) var events = 0
    private var problemList = ProblemList(noun: "problems")
    private var stage = Stage.gathering([])
    private let name: String
    private let rules: RuleBook
    private let latest: Int64?
    private let limit: LogImporter.Limit

    /// Bytes after which a log is taken for one.
    private static let enough = 1 << 16
    /// How long a followed input may rest before its lines are handed over, in milliseconds.
    private static let patience: Int32 = 200

    /// - Parameters:
    ///   - name: The title of a run whose program no rule knows.
    ///   - rules: What the lines of logs mean.
    ///   - latest: Seconds since 1970 that no line is later than.
    ///   - limit: How many lines of a log that say nothing of its shutdown are passed on.
    init(name: String, rules: RuleBook, latest: Int64? = nil, limit: LogImporter.Limit = .none) {
        self.name = name
        self.rules = rules
        self.latest = latest
        self.limit = limit
    }

    /// What is wrong with a log: "line 12: …".
    var problems: [String] { problemList.sentences }

    /// Whether lines may be held back that ``rest()`` hands over.
    var mayHoldBack: Bool {
        switch stage {
        case .gathering(let bytes): !bytes.isEmpty
        case .log(let importer): importer.lineNumber <= LogImporter.window
        case .trace, .refused: false
        }
    }

    /// What the first bytes of the input are.
    func recognise(_ bytes: [UInt8]) -> Recognition { LogImporter.recognise(bytes, rules: rules) }

    /// Converts the next bytes.
    mutating func convert(_ bytes: [UInt8]) -> [UInt8] {
        switch stage {
        case .trace: return bytes
        case .refused: return []
        case .log(var importer):
            stage = .refused  // The importer has one owner while it changes, so that it is not copied.
            let lines = importer.convert(bytes) { note($0) }
            stage = .log(importer)
            return lines
        case .gathering(let before):
            let all = before + bytes
            stage = .gathering(all)
            switch recognise(all) {
            // More bytes may still show that this is a trace.
            case .log, .empty, .binary: return all.count >= Self.enough ? decide() : []
            case .trace, .compressed: return decide()
            }
        }
    }

    /// Hands over what was held back, because nothing has come for a while.
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

    /// Converts what is left at the end of the input.
    mutating func end() -> [UInt8] {
        switch stage {
        case .trace, .refused: return []
        case .gathering: return decide() + end()
        case .log(var importer):
            defer { stage = .log(importer) }
            return importer.convertEnd { note($0) }
        }
    }

    /// Converts an input to its end, or until it turns out to be neither trace nor log.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading.
    ///   - input: Its name in an error.
    ///   - isFollowed: Whether a person waits for every line, so that none is held back for long.
    ///   - keep: Gets lines of the trace, the count of bytes that were read for them, and the converter; false ends it.
    /// - Throws: `Failure` when the input cannot be read, and what `keep` throws.
    mutating func convert(
        _ descriptor: Int32, named input: String, isFollowed: Bool = false,
        _ keep: (_ lines: [UInt8], _ read: Int, LogConverter) throws -> Bool
    ) throws {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while complaint == nil {
            if isFollowed, mayHoldBack, !Self.isReady(descriptor) {
                guard try keep(rest(), 0, self) else { return }
                continue
            }
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure("Cannot read \(input): \(String(cString: strerror(errno))).") }
            guard count > 0 else { break }
            guard try keep(convert(Array(bytes[..<count])), count, self) else { return }
        }
        _ = try keep(end(), 0, self)
    }

    /// Whether something can be read before the patience is over.
    private static func isReady(_ descriptor: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var count: Int32
        repeat { count = poll(&polled, 1, patience) } while count < 0 && errno == EINTR
        return count != 0
    }

    private mutating func note(_ item: TraceReader.Item) {
        switch item {
        case .header: break
        case .event: events += 1
        case .problem(let line, let text):
            // A problem becomes an event too.
            events += 1
            problemList.add("line \(line): \(text)")
        }
    }

    private mutating func decide() -> [UInt8] {
        guard case .gathering(let bytes) = stage else { return [] }
        let recognition = recognise(bytes)
        complaint = bytes.isEmpty ? nil : recognition.complaint
        switch recognition {
        case .log:
            stage = .log(LogImporter(rules: rules, name: name, latest: latest, limit: limit))
            return convert(bytes)
        case .trace: stage = .trace
        case .compressed, .binary, .empty: stage = .refused
        }
        return complaint == nil ? bytes : []
    }
}
