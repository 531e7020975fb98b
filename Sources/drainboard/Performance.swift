internal import DemoServer
internal import Experiment
internal import Foundation
internal import Lessons
internal import Screen
internal import ShutdownTrace

/// A lesson as it is played: which server, mended or not, as a deploy or not, and where its sliders stand.
struct Performance {
    var scenario: Scenario
    var isMended = false
    var isDeploy = false
    /// What the lesson lets one change, as it stands.
    var sliders: [Slider]

    init(_ scenario: Scenario, isMended: Bool = false, isDeploy: Bool = false) {
        (self.scenario, self.isMended, self.isDeploy) = (scenario, isMended, isDeploy)
        sliders = Self.sliders(scenario, isMended: isMended)
    }

    /// As the screen shows it.
    var playing: Playing { Playing(Lesson(scenario), isMended: isMended, isDeploy: isDeploy, sliders: sliders) }

    /// What a slider's move asks for.
    enum Move {
        /// The server that runs is told.
        case tell(String)
        /// The balancer asks in another way.
        case poll(BalancerPlan)
        /// It counts from the next run on, which begins now.
        case restart
    }

    /// Moves a slider, and says what has to follow.
    mutating func slide(_ name: String, to position: Int) -> Move? {
        guard let index = sliders.firstIndex(where: { $0.name == name }),
            sliders[index].labels.indices.contains(position)
        else { return nil }
        sliders[index].position = position
        switch name {
        case "lead": return .tell("lead \(Self.leads[position])")
        case "lag": return .poll(Self.balancer(lag: Self.lags[position]))
        default: return .restart
        }
    }

    /// Changes a stage as the sliders stand.
    func apply(to stage: inout Stage) {
        for slider in sliders {
            switch slider.name {
            case "lead": stage.budgets.lead = .seconds(Self.leads[slider.position])
            case "lag": stage.balancer = Self.balancer(lag: Self.lags[slider.position])
            case "supervisor": stage.grace = .seconds(Self.supervisors[slider.position].grace)
            default: break
            }
        }
    }

    private static let leads = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5]
    private static let lags = [0.2, 0.4, 0.8, 1.2, 2, 4]

    /// Who sends SIGKILL after how long, by default: docker-stop(1); the Pod's terminationGracePeriodSeconds;
    /// systemd.service(5), TimeoutStopSec; PM2's constants.js, which sends SIGINT first.
    private static let supervisors = [
        (name: "PM2, SIGINT", grace: 1.6), (name: "Docker", grace: 10), (name: "Kubernetes", grace: 30),
        (name: "systemd", grace: 90),
    ]

    /// Two failed probes in a row take so long.
    private static func balancer(lag: Double) -> BalancerPlan {
        BalancerPlan(interval: .seconds(lag / 2), threshold: 2)
    }

    private static func sliders(_ scenario: Scenario, isMended: Bool) -> [Slider] {
        switch scenario.name {
        case "lb-lag":
            [
                Slider("lead", leads.map(words), position: isMended ? 4 : 0),
                Slider("lag", lags.map(words), position: 2),
            ]
        case "grace-mismatch":
            [Slider("supervisor", supervisors.map { "\($0.name) \(words($0.grace))" }, position: isMended ? 3 : 0)]
        default: []
        }
    }

    private static func words(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
