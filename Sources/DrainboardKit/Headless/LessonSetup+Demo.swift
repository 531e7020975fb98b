import Clients
import Experiment
package import Lessons
package import ShutdownTrace

/// The traffic of the dashboard, in a run that nobody watches.
extension LessonSetup {
    /// Sends what the dashboard sends.
    ///
    /// - Parameters:
    ///   - rate: Requests a second.
    ///   - drain: The drain that the longest requests are made for.
    package mutating func sendDemoTraffic(rate: Double, drain: Time) {
        let demo = Workload.demo(rate: rate, drain: drain)
        workload.rate = demo.rate
        workload.mix = demo.mix
        workload.readerSeconds = demo.readerSeconds
        if let first = signals.first, case .inFlight = first.condition {
            signals[0].condition = .inFlight(min(4, Int(demo.rate / 6)))
        }
    }
}
