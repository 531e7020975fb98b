import Lessons
package import Screen
import ShutdownBoard
package import ShutdownTrace

extension Playing {
    /// The lesson of a recorded run of the demo server; nil for any other server.
    package init?(recordedIn header: Header?) {
        guard let lesson = header?.lesson, let scenario = Scenario(named: lesson.name) else { return nil }
        self.init(scenario.lesson, isMended: lesson.isMended)
    }
}
