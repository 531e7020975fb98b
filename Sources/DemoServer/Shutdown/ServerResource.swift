import LifecycleTrace
import Platform
import ShutdownTrace

/// Something that the server acquires at its start, in order, and releases at its shutdown, in the reverse order.
///
/// The initializer acquires it. From then on a ``ResourceService`` stands for it in the service group.
protocol ServerResource: Sendable {
    var kind: ResourceKind { get }
    var emitter: Emitter { get }

    /// Takes no new work from here on; called when the shutdown begins, on the outermost resource first.
    func stopIntake()

    /// Begins the release; the result is the number of requests, jobs or transactions that it waits for.
    func beginRelease() -> Int

    /// Waits for them within its own limit and gives the resource back; the result is a few words for a person.
    func release() async throws(Fault) -> String
}

extension ServerResource {
    func stopIntake() {}
    func beginRelease() -> Int { 0 }

    /// Releases the resource now, and says so in the trace.
    func releaseNow() async {
        let start = Clock.now()
        traced.emitReleasing(left: beginRelease())
        do {
            let detail = try await release()
            traced.emitReleased(took: Clock.now() - start, detail)
        } catch {
            traced.emitFailed(error.text)
        }
    }

    func emitAcquired(_ detail: String) { traced.emitAcquired(index: kind.rawValue, detail) }

    func emitQuiesced(_ detail: String) { traced.emitQuiesced(detail) }

    private var traced: TracedResource { TracedResource(kind.name, in: emitter) }
}
