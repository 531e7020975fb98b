import NIOCore

/// Reads HTTP/1 answers as their bytes come in, and finds where each begins and ends (RFC 9112).
///
/// It accepts bare line feeds and missing reasons, as real servers send them. It keeps no body, so an answer of any size
/// costs the same memory.
struct AnswerReader {
    struct Head: Hashable, Sendable {
        var status: Int
        /// Whether the connection ends after the answer: announced, or implied by HTTP/1.0 or a body without a marked end.
        var isClosing: Bool
        /// The instance of the server in a deploy, from `X-Instance`.
        var instance: Int?
        /// What the server is made with, from `Server` or `X-Powered-By`.
        var product: String?
    }

    enum Part: Hashable, Sendable {
        case head(Head)
        case body(ByteBuffer)
        case end
        /// These bytes are no HTTP/1 answer, and nothing after them is read.
        case garbage
    }

    private enum State {
        case statusLine
        case fields(AnswerFields)
        case length(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailer
        case untilClose
        /// The answer is whole, and its end is not reported yet.
        case done
        case garbage
    }

    private var state = State.statusLine
    /// The beginning of a line that is not complete yet.
    private var line: [UInt8] = []
    /// The length of the head or the trailer so far.
    private var spent = 0
    /// Whether a byte of an answer came, interim answers not counted (RFC 9110, section 15.2).
    private(set) var hasBegun = false

    /// The most bytes of a head, or of the trailer of a chunked body.
    static let longestHead = 256 * 1024

    /// Whether only the end of the connection ends the answer.
    var isUnmarked: Bool { if case .untilClose = state { true } else { false } }

    /// Takes from the buffer up to the next part of the answer to this method; nil when it needs more bytes.
    mutating func next(from buffer: inout ByteBuffer, method: String) -> Part? {
        while true {
            if case .done = state {
                self = AnswerReader()
                return .end
            }
            guard buffer.readableBytes > 0 else { return nil }
            hasBegun = true
            if let part = step(&buffer, method) { return part }
        }
    }

    private mutating func step(_ buffer: inout ByteBuffer, _ method: String) -> Part? {
        let here = buffer.readableBytes
        switch state {
        case .garbage, .done: buffer.moveReaderIndex(forwardBy: here)
        case .untilClose: return piece(&buffer, here)
        case .length(let left):
            state = left <= here ? .done : .length(left - here)
            return piece(&buffer, min(left, here))
        case .chunk(let left):
            state = left <= here ? .chunkEnd : .chunk(left - here)
            return piece(&buffer, min(left, here))
        case .statusLine, .fields, .chunkSize, .chunkEnd, .trailer:
            if let text = takeLine(&buffer) { return take(text, method) }
            if isHopeless { return garbage() }
        }
        return nil
    }

    private func piece(_ buffer: inout ByteBuffer, _ count: Int) -> Part? {
        buffer.readSlice(length: count).map(Part.body)
    }

    private mutating func garbage() -> Part {
        state = .garbage
        return .garbage
    }

    /// Takes a whole line without its end; a part of a line is kept until the rest comes.
    private mutating func takeLine(_ buffer: inout ByteBuffer) -> String? {
        let view = buffer.readableBytesView
        let end = view.firstIndex(of: UInt8(ascii: "\n"))
        let bytes = view[..<(end ?? view.endIndex)].prefix(Self.longestHead + 1)
        line += bytes
        spent += bytes.count + 1
        buffer.moveReaderIndex(forwardBy: bytes.count + (end == nil ? 0 : 1))
        guard end != nil, spent <= Self.longestHead else { return nil }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        return String(decoding: line, as: UTF8.self)
    }

    /// Whether the line can only become garbage: too long, or a first line that does not begin as one.
    private var isHopeless: Bool {
        if spent > Self.longestHead { return true }
        guard case .statusLine = state else { return false }
        return line != [UInt8(ascii: "\r")] && !zip(line, "HTTP/1.".utf8).allSatisfy(==)
    }

    private mutating func take(_ text: String, _ method: String) -> Part? {
        switch state {
        case .statusLine:
            // Some servers send a line end too many after an answer (RFC 9112, section 2.2).
            if text.isEmpty { hasBegun = false } else { return takeStatus(text) }
        case .fields(var fields):
            if text.isEmpty { return begin(fields, method) }
            fields.add(text)
            state = .fields(fields)
        case .chunkSize:
            guard let size = Self.chunkSize(text) else { return garbage() }
            state = size == 0 ? .trailer : .chunk(size)
            spent = 0
        case .chunkEnd:
            guard text.isEmpty else { return garbage() }
            state = .chunkSize
        case .trailer: if text.isEmpty { state = .done }
        default: break
        }
        return nil
    }

    private mutating func takeStatus(_ text: String) -> Part? {
        guard let fields = AnswerFields(statusLine: text) else { return garbage() }
        state = .fields(fields)
        return nil
    }

    /// The head is complete; decides which body follows (RFC 9112, section 6.3).
    private mutating func begin(_ fields: AnswerFields, _ method: String) -> Part? {
        spent = 0
        if fields.isInterim {
            self = AnswerReader()
            return nil
        }
        guard let length = fields.bodyLength(method) else { return garbage() }
        switch length {
        case .none, .bytes(0): state = .done
        case .bytes(let count): state = .length(count)
        case .chunks: state = .chunkSize
        case .untilClose: state = .untilClose
        }
        return .head(
            Head(
                status: fields.status, isClosing: fields.isClosing || length == .untilClose, instance: fields.instance,
                product: fields.product))
    }

    private static func chunkSize(_ text: String) -> Int? {
        let digits = text.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        guard !digits.isEmpty, digits.allSatisfy(\.isHexDigit) else { return nil }
        return Int(digits, radix: 16)
    }
}

/// The lines of an answer's head that say where the answer ends.
struct AnswerFields {
    enum Length: Hashable {
        case none
        case bytes(Int)
        case chunks
        case untilClose
    }

    let status: Int
    /// The answer is HTTP/1.0, where a connection ends after the answer unless both sides say otherwise.
    private let isOld: Bool
    private var lengths: Set<Substring> = []
    private var coding: Substring?
    private var connection = ""
    private(set) var instance: Int?
    /// What runs behind the server says more than the server in front.
    var product: String? { poweredBy ?? server }
    private var server: String?
    private var poweredBy: String?
    /// More of such a line than this is nobody's name.
    private static let longestProduct = 100

    /// Reads `HTTP/1.1 200 OK`, where the reason may be missing; nil when the line is no status line.
    init?(statusLine text: String) {
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].count == 8, parts[0].hasPrefix("HTTP/1."), parts[1].utf8.count == 3,
            let status = Int(parts[1]), status >= 100
        else { return nil }
        self.status = status
        isOld = parts[0].hasSuffix(".0")
    }

    /// Whether another answer follows; 101 is final, because no HTTP follows it.
    var isInterim: Bool { (100..<200).contains(status) && status != 101 }

    var isClosing: Bool {
        status == 101 || connection.contains("close") || (isOld && !connection.contains("keep-alive"))
    }

    mutating func add(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return }
        let value = text[text.index(after: colon)...].trimming { $0 == " " || $0 == "\t" }
        switch text[..<colon].lowercased() {
        case "content-length":
            // A list of equal numbers means the number (RFC 9110, section 8.6).
            for part in value.split(separator: ",", omittingEmptySubsequences: false) {
                lengths.insert(part.trimming { $0 == " " })
            }
        case "transfer-encoding": coding = value.split(separator: ",").last?.trimming { $0 == " " } ?? ""
        case "connection": connection += value.lowercased() + ","
        case "server": server = String(value.prefix(Self.longestProduct))
        case "x-powered-by": poweredBy = String(value.prefix(Self.longestProduct))
        case "x-instance": instance = Int(value)
        default: break
        }
    }

    /// Nil when the head contradicts itself.
    func bodyLength(_ method: String) -> Length? {
        if method == "HEAD" || status == 204 || status == 304 || status == 101 { return Length.none }
        if let coding { return coding.lowercased() == "chunked" ? .chunks : .untilClose }
        guard let text = lengths.first else { return .untilClose }
        guard lengths.count == 1, text.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(text) else {
            return nil
        }
        return .bytes(count)
    }
}

extension Substring {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
