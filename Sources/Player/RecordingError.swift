/// Why a run cannot be opened or kept, as a sentence for the person who asked.
package struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
