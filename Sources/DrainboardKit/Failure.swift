/// Why the program cannot do what it was asked to: one sentence for a person, exit status 2.
package struct Failure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
