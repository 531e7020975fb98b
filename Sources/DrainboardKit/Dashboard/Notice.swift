import ShutdownTrace

/// A sentence that takes the place of the footer for six seconds.
struct Notice {
    private(set) var text: String?
    /// When it is taken away; nil while there is none.
    private(set) var end: Time?

    private static let span = Time.seconds(6)

    /// A paste has begun, and nothing came for a while.
    static let brokenPaste = "The pasted text came without its end; none of it was taken for keys."

    mutating func show(_ text: String, at now: Time) {
        self.text = text
        end = now + Self.span
    }
}
