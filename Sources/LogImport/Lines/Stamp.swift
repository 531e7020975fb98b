/// When a log says that a line was written.
enum Stamp: Hashable, Sendable {
    /// A date and a time, in microseconds since 1970; without a zone it is the writer's wall clock, taken as UTC.
    case wall(Int64, hasZone: Bool)
    /// A date without a year, as syslog writes it.
    case yearless(month: Int, day: Int, microseconds: Int64)
    /// A time of day alone.
    case clock(Int64)
    /// Microseconds since the machine started.
    case uptime(Int64)
}

extension Stamp {
    /// A number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by its size.
    init?(epoch number: Double) {
        guard number.isFinite, number >= 1e8 else { return nil }
        switch number {
        case ..<1e11: self = .wall(Int64((number * 1e6).rounded()), hasZone: true)
        case ..<1e14: self = .wall(Int64((number * 1e3).rounded()), hasZone: true)
        case ..<1e17: self = .wall(Int64(number.rounded()), hasZone: true)
        case ..<4e18: self = .wall(Int64((number / 1e3).rounded()), hasZone: true)
        default: return nil
        }
    }

    /// Finds a stamp in the first bytes of a line, and says where it stands.
    static func find(in line: [UInt8]) -> (stamp: Stamp, range: Range<Int>)? {
        let end = min(line.count, 64)
        var index = 0
        while index < end {
            let byte = line[index]
            if index == 0 || separators.contains(line[index - 1]), byte.isLetterOrDigit {
                var scanner = StampScanner(line: line, start: index)
                if let stamp = scanner.stamp() { return (stamp, index..<scanner.offset) }
            } else if byte == UInt8(ascii: "["), index == 0 {
                var scanner = StampScanner(line: line, start: 1)
                if let stamp = scanner.uptime() { return (stamp, 0..<scanner.offset) }
            }
            index += 1
        }
        return nil
    }

    private static let separators: Set<UInt8> = Set(" \t[(<=|,\"'>".utf8)
}
