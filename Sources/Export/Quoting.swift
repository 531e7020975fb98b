/// Text as a JSON string, quotes included, that may also stand inside a script element of HTML.
///
/// Everything below U+0020 and above U+007E, and `<`, `>` and `&`, is written as an escape (RFC 8259, section 7), so no
/// text can end the element or open a comment in it.
func quoted(_ text: some StringProtocol, ascii: Bool = true) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "<", ">", "&": result += ascii ? escape(UInt16(scalar.value)) : String(scalar)
        case " "..."~": result.unicodeScalars.append(scalar)
        case "\u{A0}"...: result += ascii ? Character(scalar).utf16.map(escape).joined() : String(scalar)
        default: result += escape(UInt16(scalar.value))
        }
    }
    return result + "\""
}

private func escape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
}

/// A coordinate or a length with at most two decimals and no exponent.
func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int64((min(max(value, -1e9), 1e9) * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let whole = hundredths.magnitude / 100
    let rest = hundredths.magnitude % 100
    if rest == 0 { return "\(sign)\(whole)" }
    return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
}
