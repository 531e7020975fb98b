/// A number of JSON with at most 15 digits and no exponent, as nearly all are: the fast way beside ``JSONNumber``.
struct PlainNumber {
    /// All digits without the point.
    private let digits: Int64
    /// How many of them come after the point; -1 without one.
    private let scale: Int
    private let isNegative: Bool

    /// Reads the number that begins at `index` and moves `index` behind it; nil, and nothing moved, for any other.
    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        var end = index
        let isNegative = end < bytes.count && bytes[end] == UInt8(ascii: "-")
        if isNegative { end &+= 1 }
        let start = end
        var digits: Int64 = 0
        var point: Int?
        while end < bytes.count {
            let digit = bytes[end] &- UInt8(ascii: "0")
            if digit < 10 {
                digits = digits &* 10 &+ Int64(digit)
            } else if digit == UInt8(ascii: ".") &- UInt8(ascii: "0"), point == nil, end > start {
                point = end
            } else {
                break
            }
            end &+= 1
        }
        // Fifteen digits are exact in a Double too.
        guard end > start, end &- start <= 15, end < bytes.count, bytes[end] | 0x20 != UInt8(ascii: "e") else {
            return nil
        }
        scale = point.map { end &- $0 &- 1 } ?? -1
        guard scale != 0 else { return nil }
        self.digits = digits
        self.isNegative = isNegative
        index = end
    }

    /// As a whole number, if it has no point.
    var whole: Int? { scale < 0 ? Int(isNegative ? -digits : digits) : nil }

    var value: Fields.Value { scale < 0 ? .int(isNegative ? -digits : digits) : .double(double) }

    /// As seconds: exact where it has no more than six decimals and fits.
    var time: Time {
        guard scale <= 6 else { return .seconds(double) }
        let (microseconds, overflow) = digits.multipliedReportingOverflow(by: Self.wholePowers[6 - max(scale, 0)])
        return overflow ? .seconds(double) : Time(microseconds: isNegative ? -microseconds : microseconds)
    }

    /// Both operands are exact, so the quotient is rounded once, as it should be.
    private var double: Double {
        let magnitude = Double(digits) / Self.powers[max(scale, 0)]
        return isNegative ? -magnitude : magnitude
    }

    private static let wholePowers: [Int64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
