import Foundation
import Lessons
import Player
package import Screen
package import ShutdownTrace

/// What the dashboard does about the lesson that it plays: another one, mended, as a deploy, its sliders, its gate.
extension Dashboard {
    /// The lesson that is played now.
    package var playing: Performance? {
        guard case .live(_, let performance) = show else { return nil }
        return performance
    }

    func start(_ name: String, _ isMended: Bool) -> Step? {
        guard let scenario = Scenario(named: name) else { return nil }
        guard case .live = show else {
            let option = isMended ? " --mended" : ""
            say("This is a recording. drainboard demo --scenario \(name)\(option) plays that lesson.")
            return nil
        }
        let isDeploy = playing.map { $0.isDeploy && $0.scenario.name == name } ?? false
        return .start(Performance(scenario, isMended: isMended, isDeploy: isDeploy, lead: playing?.lead))
    }

    func deploy() -> Step? {
        guard let playing else { return nil }
        return .start(
            Performance(playing.scenario, isMended: playing.isMended, isDeploy: true, lead: playing.lead))
    }

    func slide(_ name: String, to position: Int) -> Step {
        guard case .live(let run, var performance?) = show, let move = performance.slide(name, to: position) else {
            return .goOn
        }
        switch move {
        case .tell(let command): if !run.tell(command) { say("The server takes no orders now.") }
        case .poll(let balancer):
            do { try run.poll(balancer) } catch { say("\(error)") }
        case .grant(let grace):
            do { try run.grant(grace: grace) } catch { say("\(error)") }
        }
        show = .live(run, performance)
        view.playing = performance.playing
        return .goOn
    }
}

extension Playing {
    /// The lesson of a recorded run of the demo server; nil for any other server.
    package init?(recordedIn header: Header?) {
        guard let lesson = header?.lesson, let scenario = Scenario(named: lesson.name) else { return nil }
        self.init(Lesson(scenario), isMended: lesson.isMended)
    }
}
