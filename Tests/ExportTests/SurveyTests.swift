import ShutdownTrace
import Testing

@testable import Export

@Suite struct `A survey` {
    @Test func `is empty at first`() {
        #expect(Survey().landmarks.isEmpty)
    }
}
