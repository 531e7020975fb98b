internal import ShutdownTrace

/// A fact about the program that a log tells, or that follows from one.
struct LogFact: Sendable {
    var content: Content
    var time: Time
    /// Whether no line says it in so many words.
    var isInferred: Bool

    enum Content: Sendable {
        case event(Payload)
        /// A signal came, and the line does not say which.
        case unnamedSignal
        /// A resource was released or failed, and the line does not say which.
        case unnamedRelease
    }
}
