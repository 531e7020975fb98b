import Platform
import ShutdownTrace

/// Stands between the clients and the instances, and decides by their readiness which gets new connections.
protocol Balancer: Sendable {
    /// The port on 127.0.0.1 to which the clients connect.
    var port: Int { get }
    /// Fires when an instance, 1 or 2, enters rotation for the first time.
    func entered(_ instance: Int) -> OneShotEvent
    /// Carries connections and reports its decisions until the task is cancelled; open connections stay.
    func run() async throws
    func add(_ instance: Int, port: Int) async
    /// Polls in another way from now on; false when the balancer cannot change.
    func change(to plan: BalancerPlan) -> Bool
    /// Closes everything; no client is served any more.
    func stop() async
}
