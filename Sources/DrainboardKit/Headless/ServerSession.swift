package import Clients
package import Experiment
import Foundation
package import Platform
package import ShutdownTrace

/// The plan for one run of any server: its command, its traffic and its load balancer.
package struct ServerSession {
    package var plan: Plan

    /// The grace period where none is given: that of Kubernetes (terminationGracePeriodSeconds).
    package static let grace = Time.seconds(30)

    /// Plans a run without any signal.
    ///
    /// - Parameters:
    ///   - command: Starts the server in the foreground.
    ///   - target: What clients ask for; nil for no clients.
    ///   - mix: How many clients there are of each kind.
    ///   - port: Where the URL says `{port}`, or has none because there is no URL; nil for a free one.
    /// - Throws: ``RunError/badPlan(_:)`` when that cannot be.
    package init(_ command: [String], asking target: Target?, by mix: Mix, port: Int? = nil) throws(RunError) {
        if let port, let own = target?.url.port, own != port {
            throw .badPlan("--port \(port) and the URL's port \(own) differ. Leave --port away.")
        }
        plan = Plan(
            title: Self.title(of: command), command: command, grace: Self.grace,
            workload: target.map { .any(target: $0, mix: mix) } ?? .none)
        plan.port = target?.url.port ?? port
        plan.balancer = nil
    }

    /// Puts a load balancer before the server that polls the readiness check at this path or URL.
    ///
    /// - Throws: ``RunError/badPlan(_:)`` when the URL is not one of the server.
    package mutating func balance(_ ready: String, of target: Target) throws(RunError) {
        plan.balancer = BalancerPlan(path: try target.url.path(ready))
    }

    /// Adds the signal of a check.
    ///
    /// It waits until enough requests are in flight. A server that is too fast for that gets it two seconds later.
    ///
    /// - Parameters:
    ///   - signal: Which.
    ///   - after: The time from the first answer to the signal; nil sends it once all work is under way.
    package mutating func check(_ signal: Signal, after: Time?) {
        let floor = plan.workload.floor
        plan.signals = [
            ScheduledSignal(
                signal, after: after ?? .zero, when: after == nil ? .underWay(floor) : .inFlight(floor),
                to: plan.signalTarget, patience: .seconds(2))
        ]
    }

    /// The room for a title, in characters.
    private static let longestTitle = 28

    /// The first words of a command, without the folders of files: "node server.js", "run go usual".
    ///
    /// The title ends before a script and before a place for the port, and never with an option.
    package static func title(of command: [String]) -> String {
        let names = command.map(\.fileName)
        guard let first = names.first else { return "server" }
        var words = [first]
        for word in names.dropFirst() {
            let length = words.reduce(word.count) { $0 + $1.count + 1 }
            guard length <= longestTitle, !word.isEmpty, !word.contains(where: { $0.isWhitespace || $0 == "{" }) else {
                break
            }
            words.append(word)
        }
        while words.count > 1, words.last?.hasPrefix("-") == true { words.removeLast() }
        return words.joined(separator: " ")
    }
}
