import Lessons
package import Screen
import ShutdownBoard
package import ShutdownTrace

/// The lesson that a recording shows.
extension Playing {
    /// The lesson of a recorded run of the demo server; nil for any other server.
    package init?(recordedIn header: Header?) {
        guard let (scenario, isMended) = header.flatMap(Scenario.shown) else { return nil }
        self.init(scenario.lesson, isMended: isMended)
    }
}
