package import ShutdownTrace

/// Says what the lines mean that a server prints, so that the run's record tells it too.
package protocol OutputInterpreter: Sendable {
    /// What one line means, in the order in which the server printed them.
    ///
    /// - Parameters:
    ///   - line: As it stands in `output.printed`.
    ///   - time: When it was printed.
    /// - Returns: Events of the source `importer`, marked as inferred; the run numbers them.
    mutating func meaning(of line: String, at time: Time) -> [Event]
}
