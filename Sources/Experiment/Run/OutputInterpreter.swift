package import ShutdownTrace

/// Finds the meaning of lines that a server prints, so that the run's recording has it too.
package protocol OutputInterpreter: Sendable {
    /// Returns the meaning of one line; the lines come in the order in which the server printed them.
    ///
    /// - Parameters:
    ///   - line: The text in `output.printed`.
    ///   - time: When it was printed.
    /// - Returns: Events of the source `importer`, marked as inferred; the run numbers them.
    mutating func meaning(of line: String, at time: Time) -> [Event]
}
