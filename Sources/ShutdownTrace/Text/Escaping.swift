/// Text from anywhere, made safe for XML and HTML, between tags and in attributes.
///
/// ``printable(_:width:)`` first drops what moves a cursor or reorders a line, which leaves only scalars that XML 1.0
/// allows (section 2.2); then the five characters that have a meaning become references.
package func xmlEscaped(_ text: String) -> String {
    var result = ""
    for scalar in printable(text).unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
