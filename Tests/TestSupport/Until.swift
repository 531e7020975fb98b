/// A condition that nobody tells of did not come true within a minute.
package struct NeverTrue: Error {}

/// Waits until a condition is true, a minute at most, and keeps no thread for it.
package func until(_ isTrue: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await !isTrue() {
        guard ContinuousClock.now < end else { throw NeverTrue() }
        try await Task.sleep(for: .milliseconds(1))
    }
}
