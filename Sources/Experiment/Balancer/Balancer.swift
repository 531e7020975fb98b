import Platform
import ShutdownTrace

/// What stands between the clients and the instances, and decides by their readiness who gets new connections.
protocol Balancer: Sendable {
    /// Where the clients connect on 127.0.0.1.
    var port: Int { get }
    /// Opens when an instance, 1 or 2, enters rotation for the first time.
    func entered(_ instance: Int) -> OneShotEvent
    /// Carries connections and tells of its decisions until the task is cancelled; what is open is carried on.
    ///
    /// - Throws: ``ExperimentError`` when it cannot.
    func run(under sentry: Guard) async throws
    /// Looks after one more instance from now on.
    func add(_ instance: Int, port: Int) async
    /// Polls in another way from now on; false when it cannot be told.
    func change(to plan: BalancerPlan) -> Bool
    /// Lets go of everything; nobody is served any more.
    func stop() async
}
