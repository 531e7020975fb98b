/// Why a run cannot be opened or kept, as a sentence for the person who asked.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
