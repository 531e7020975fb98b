/// A number of JSON, read digit by digit (RFC 8259, section 6; leading zeros are forgiven).
struct JSONNumber {
    typealias Problem = LineParser.Problem

    private let bytes: UnsafeBufferPointer<UInt8>
    private let range: Range<Int>
    private let isNegative: Bool
    /// All digits without the point.
    private let digits: UInt64
    /// How many of them come after the point.
    private let scale: Int
    private let hasExponent: Bool
    /// Whether ``digits`` is exact: 19 of them always fit.
    private let fits: Bool

    /// Reads the number that begins at `index`, and moves `index` behind it.
    ///
    /// Inlined, so that each reader makes only what it uses of the number.
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) throws(Problem) {
        var scan = Scan(bytes: bytes, index: index)
        isNegative = scan.take("-")
        let whole = scan.takeDigits()
        var isNumber = whole > 0
        var decimals = 0
        if isNumber, scan.take(".") {
            decimals = scan.takeDigits()
            isNumber = decimals > 0
        }
        digits = scan.digits
        scale = decimals
        fits = whole + decimals <= 19
        var hasExponent = false
        if isNumber, scan.take("e") || scan.take("E") {
            hasExponent = true
            if !scan.take("-") { _ = scan.take("+") }
            isNumber = scan.takeDigits() > 0
        }
        self.hasExponent = hasExponent
        self.bytes = bytes
        range = index..<scan.index
        index = scan.index
        guard isNumber else { throw Problem("not a value, at byte \(range.lowerBound + 1)") }
    }

    private struct Scan {
        let bytes: UnsafeBufferPointer<UInt8>
        var index: Int
        var digits: UInt64 = 0

        mutating func take(_ wanted: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: wanted) else { return false }
            index += 1
            return true
        }

        /// Reads digits, as many as there are, and says how many.
        mutating func takeDigits() -> Int {
            var end = index
            var number = digits
            while end < bytes.count, case let digit = bytes[end] &- UInt8(ascii: "0"), digit < 10 {
                number = number &* 10 &+ UInt64(digit)
                end &+= 1
            }
            defer {
                index = end
                digits = number
            }
            return end - index
        }
    }

    var value: Fields.Value {
        get throws(Problem) {
            if scale == 0, !hasExponent, let whole = fits ? scaled(by: 1) : Int64(text) { return .int(whole) }
            return .double(try double)
        }
    }

    /// The number as seconds: exact where it has no more than six decimals, clamped to what fits.
    var time: Time {
        get throws(Problem) {
            if scale <= 6, let microseconds = scaled(by: Self.wholePowers[6 - scale]) {
                return Time(microseconds: microseconds)
            }
            return .seconds(try double)
        }
    }

    private var text: String { String(decoding: bytes[range], as: UTF8.self) }

    private func scaled(by factor: UInt64) -> Int64? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
        guard fits, !hasExponent, !overflow else { return nil }
        if isNegative { return product <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- product) : nil }
        return Int64(exactly: product)
    }

    /// Both operands of the division are exact up to here, so the quotient is rounded once, as it should be.
    private var double: Double {
        get throws(Problem) {
            if fits, !hasExponent, digits < 1 << 53, scale <= 22 {
                let magnitude = Double(digits) / Self.powers[scale]
                return isNegative ? -magnitude : magnitude
            }
            guard let number = Double(text), number.isFinite else {
                throw Problem("not a value, at byte \(range.lowerBound + 1)")
            }
            return number
        }
    }

    private static let wholePowers: [UInt64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
