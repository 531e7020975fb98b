/// What a test waited for did not come within a minute.
package struct NeverCame: Error, CustomStringConvertible {
    package let description: String

    package init(_ awaited: String) { description = "a minute passed without \(awaited)" }

    /// It was awaited at this place of the tests.
    package init(_ file: String, _ line: Int) { self.init("what is awaited at \(file):\(line)") }
}

/// Waits until a condition is true, a minute at most, and keeps no thread for it.
package func until(
    _ file: String = #fileID, _ line: Int = #line, _ isTrue: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await !isTrue() {
        guard ContinuousClock.now < end else { throw NeverCame(file, line) }
        try await Task.sleep(for: .milliseconds(1))
    }
}
