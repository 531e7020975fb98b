/// Why the program cannot do what it was asked to: one sentence for a person, exit status 2.
package struct Failure: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// An input in which nothing happens.
    package static func noEvent(in name: String) -> Failure {
        Failure("\(name) holds no event. Is it a trace, as drainboard demo --record FILE writes it?")
    }
}
