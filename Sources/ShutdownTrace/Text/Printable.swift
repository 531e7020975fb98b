/// Text from anywhere, made safe for a terminal: nothing in the result can move the cursor, change a mode or reorder the line.
///
/// Tabs and line ends become one blank; other control scalars (C0, DEL, C1) and unassigned ones become U+FFFD; bidirectional
/// controls, zero-width scalars, variation selectors and combining marks are dropped, because terminals disagree on them.
/// With a `width`, what does not fit in so many columns is cut and ends in an ellipsis.
package func printable(_ text: String, width: Int? = nil) -> String {
    var result = String.UnicodeScalarView()
    var columns = 0
    let limit = max(0, width ?? .max)
    for scalar in text.unicodeScalars {
        guard let safe = Safe(scalar) else { continue }
        guard columns + safe.columns <= limit else { return clipped(result, to: limit) }
        result.append(safe.scalar)
        columns += safe.columns
    }
    return String(result)
}

/// The columns that the text takes once it is ``printable(_:width:)``.
package func printableWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + (Safe($1)?.columns ?? 0) }
}

/// Cuts text of safe scalars so that an ellipsis still fits.
private func clipped(_ text: String.UnicodeScalarView, to limit: Int) -> String {
    guard limit > 0 else { return "" }
    var kept = String.UnicodeScalarView()
    var columns = 0
    for scalar in text {
        let width = CellWidth.isWide(scalar) ? 2 : 1
        guard columns + width < limit else { break }
        kept.append(scalar)
        columns += width
    }
    kept.append("…")
    return String(kept)
}

/// One scalar as it may be printed, with the columns that it takes.
package struct Safe {
    package var scalar: Unicode.Scalar
    /// 1 or 2.
    package var columns: Int

    /// Nil for a scalar that is dropped.
    package init?(_ scalar: Unicode.Scalar) {
        columns = 1
        switch scalar.value {
        case 0x20...0x7E: self.scalar = scalar
        case 0x09, 0x0A, 0x0D: self.scalar = " "
        case 0x00...0x1F, 0x7F...0x9F: self.scalar = "\u{FFFD}"
        case 0x00AD, 0x1160...0x11FF, 0xD7B0...0xD7FF, 0x2800: return nil
        default:
            switch scalar.properties.generalCategory {
            case .format, .nonspacingMark, .enclosingMark: return nil
            case .lineSeparator, .paragraphSeparator, .spaceSeparator:
                self.scalar = " "
                columns = scalar.value == 0x3000 ? 2 : 1
                if columns == 2 { self.scalar = scalar }
            case .unassigned, .surrogate, .control: self.scalar = "\u{FFFD}"
            default:
                guard !scalar.properties.isDefaultIgnorableCodePoint else { return nil }
                self.scalar = scalar
                columns = CellWidth.isWide(scalar) ? 2 : 1
            }
        }
    }
}
