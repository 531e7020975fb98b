import ArgumentParser
import DrainboardKit

/// A grace period in seconds, or the wish to find the smallest one.
enum GraceChoice: Hashable, Sendable, ExpressibleByArgument {
    case seconds(Double)
    case find

    init?(argument: String) {
        if argument == "find" {
            self = .find
        } else if let seconds = try? DurationArgument.seconds(argument) {
            self = .seconds(seconds)
        } else {
            return nil
        }
    }
}
