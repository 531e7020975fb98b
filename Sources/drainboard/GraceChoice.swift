import ArgumentParser
import DrainboardKit

/// So many seconds, or the wish to find them.
enum GraceChoice: Hashable, Sendable, ExpressibleByArgument {
    case seconds(Double)
    case find

    init?(argument: String) {
        if argument == "find" {
            self = .find
        } else if let seconds = try? Span.seconds(argument) {
            self = .seconds(seconds)
        } else {
            return nil
        }
    }
}
