import DemoServer
package import Experiment
import Foundation
package import Lessons
package import Screen
package import ShutdownTrace

/// A lesson as it is played: which server, mended or not, as a deploy or not, and where its sliders stand.
package struct Performance {
    package var scenario: Scenario
    package var isMended = false
    package var isDeploy = false
    /// In seconds, where the person named one when the program was started.
    package let lead: Double?
    /// What the lesson lets one change, as it stands.
    var sliders: [Slider]
    /// The positions of the lead's slider, in seconds.
    private let leads: [Double]

    package init(_ scenario: Scenario, isMended: Bool = false, isDeploy: Bool = false, lead: Double? = nil) {
        (self.scenario, self.isMended, self.isDeploy, self.lead) = (scenario, isMended, isDeploy, lead)
        leads = Set(Self.leads + [lead].compactMap { $0 }).sorted()
        let start = lead ?? (isMended ? 1 : 0)
        sliders = scenario.sliders.map { [leads] slider in
            switch slider {
            case .lead: Slider(slider.rawValue, leads.map(Self.words), position: leads.firstIndex(of: start) ?? 0)
            case .lag: Slider(slider.rawValue, Self.lags.map { "at most \(Self.words($0))" }, position: 2)
            case .supervisor: Slider(slider.rawValue, Self.supervisors.map(\.label), position: isMended ? 3 : 0)
            }
        }
    }

    /// As the screen shows it.
    package var playing: Playing {
        var playing = Playing(Lesson(scenario), isMended: isMended, isDeploy: isDeploy, sliders: sliders)
        playing.onSecondSignal =
            switch scenario.server(mended: isMended).behaviour.secondSignal {
            case .forces: .forces
            case .cleansUpAgain: .cleansUpAgain
            case .changesNothing: .changesNothing
            }
        return playing
    }

    /// What a slider's move asks for.
    package enum Move {
        /// The server that runs is told.
        case tell(ControlCommand)
        /// The balancer asks in another way.
        case poll(BalancerPlan)
        /// The supervisor has another patience.
        case grant(Time)
    }

    /// Moves a slider, and says what has to follow.
    mutating func slide(_ name: String, to position: Int) -> Move? {
        guard let index = sliders.firstIndex(where: { $0.name == name }),
            sliders[index].labels.indices.contains(position)
        else { return nil }
        sliders[index].position = position
        switch Scenario.Slider(rawValue: name) {
        case .lead: return .tell(.lead(.seconds(leads[position])))
        case .lag: return .poll(Self.balancer(lag: Self.lags[position]))
        case .supervisor: return .grant(.seconds(Self.supervisors[position].grace))
        case nil: return nil
        }
    }

    /// Changes a setup as the sliders stand.
    package func apply(to setup: inout LessonSetup) {
        for slider in sliders {
            switch Scenario.Slider(rawValue: slider.name) {
            case .lead: setup.budgets.lead = .seconds(leads[slider.position])
            case .lag: setup.balancer = Self.balancer(lag: Self.lags[slider.position])
            case .supervisor: setup.grace = .seconds(Self.supervisors[slider.position].grace)
            case nil: break
            }
        }
    }

    private static let leads = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5]
    private static let lags = [0.2, 0.4, 0.8, 1.2, 2, 4]

    /// Who sends SIGKILL after how long, by default: docker-stop(1); the Pod's terminationGracePeriodSeconds;
    /// systemd.service(5), TimeoutStopSec; PM2's constants.js, which sends SIGINT first.
    private static let supervisors = [
        Supervisor(name: "PM2", grace: 1.6, advice: ": it sends SIGINT, press i"),
        Supervisor(name: "Docker", grace: 10),
        Supervisor(name: "Kubernetes", grace: 30), Supervisor(name: "systemd", grace: 90),
    ]

    private struct Supervisor {
        var name: String
        var grace: Double
        /// What to press where its first signal is not SIGTERM.
        var advice = ""

        var label: String { "\(name) \(words(grace))\(advice)" }
    }

    /// Two failed probes in a row take at most so long, and at least half of it.
    private static func balancer(lag: Double) -> BalancerPlan {
        BalancerPlan(interval: .seconds(lag / 2), threshold: 2)
    }

    private static func words(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
