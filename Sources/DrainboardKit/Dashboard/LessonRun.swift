import DemoServer
import Experiment
package import Lessons
package import Screen
import ShutdownBoard
import ShutdownTrace

/// A lesson as it is played: which server, mended or not, as a deploy or not, and where its sliders stand.
package struct LessonRun {
    package let scenario: Scenario
    package let isMended: Bool
    package let isDeploy: Bool
    /// The lead that the person named when the program was started, in seconds.
    package let lead: Double?
    /// What the lesson lets a person change, as it stands.
    private(set) var sliders: [Slider]
    /// The positions of the lead's slider, in seconds.
    private let leads: [Double]

    package init(_ scenario: Scenario, isMended: Bool = false, isDeploy: Bool = false, lead: Double? = nil) {
        self.scenario = scenario
        self.isMended = isMended
        self.isDeploy = isDeploy
        self.lead = lead
        leads = Set(Self.leads + [lead].compactMap { $0 }).sorted()
        let start = lead ?? (isMended ? 1 : 0)
        sliders = scenario.sliders.map { [leads] setting in
            switch setting {
            case .lead: Slider(.lead, leads.map(Self.words), position: leads.firstIndex(of: start) ?? 0)
            case .lag: Slider(.lag, Self.lags.map { "at most \(Self.words($0))" }, position: 2)
            case .supervisor: Slider(.supervisor, Self.supervisors.map(\.label), position: isMended ? 3 : 0)
            }
        }
    }

    /// The lesson for the screen.
    package var playing: Playing {
        var playing = Playing(scenario.lesson, isMended: isMended, isDeploy: isDeploy, sliders: sliders)
        playing.onSecondSignal =
            switch scenario.server(mended: isMended).behaviour.secondSignal {
            case .forces: .forces
            case .cleansUpAgain: .cleansUpAgain
            case .changesNothing: .changesNothing
            }
        return playing
    }

    /// What the position of a slider means.
    enum Change: Equatable {
        /// The server's lead.
        case lead(Time)
        /// How the load balancer polls.
        case balancer(BalancerPlan)
        /// The supervisor's grace period.
        case grace(Time)
    }

    /// Moves a slider.
    ///
    /// - Returns: What has to follow; nil for a slider or a position that the lesson does not have.
    mutating func slide(_ setting: Lesson.Setting, to position: Int) -> Change? {
        guard let index = sliders.firstIndex(where: { $0.setting == setting }),
            sliders[index].labels.indices.contains(position)
        else { return nil }
        sliders[index].position = position
        return change(sliders[index])
    }

    /// Changes a setup as the sliders stand.
    package func apply(to setup: inout LessonSetup) {
        for slider in sliders {
            switch change(slider) {
            case .lead(let lead): setup.budgets.lead = lead
            case .balancer(let balancer): setup.balancer = balancer
            case .grace(let grace): setup.grace = grace
            }
        }
    }

    private func change(_ slider: Slider) -> Change {
        switch slider.setting {
        case .lead: .lead(.seconds(leads[slider.position]))
        case .lag: .balancer(Self.balancer(lag: Self.lags[slider.position]))
        case .supervisor: .grace(.seconds(Self.supervisors[slider.position].grace))
        }
    }

    private static let leads = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5]
    private static let lags = [0.2, 0.4, 0.8, 1.2, 2, 4]

    /// The time from the first signal to SIGKILL by default: of docker-stop(1), of the Pod's
    /// terminationGracePeriodSeconds, of systemd.service(5) (TimeoutStopSec), and of PM2 (constants.js).
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

    /// A balancer that needs the lag, or at least half of it, for two failed probes in a row.
    private static func balancer(lag: Double) -> BalancerPlan {
        BalancerPlan(interval: .seconds(lag / 2), threshold: 2)
    }

    private static func words(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
