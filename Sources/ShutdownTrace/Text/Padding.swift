/// Text filled up with blanks to a width.
extension String {
    /// With blanks at its left up to this many characters.
    package func padded(left width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

    /// With blanks at its right up to this many characters.
    package func padded(right width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
