import LifecycleTrace
import Platform
import ShutdownTrace

/// Something that the server holds: acquired in order at start, released in the reverse order at shutdown.
///
/// Acquiring is the initializer's work. From then on a ``Turn`` stands for it in the group of services.
protocol Resource: Sendable {
    var kind: ResourceKind { get }
    var emitter: Emitter { get }

    /// Takes nothing new from here on; called when the shutdown begins, on the outermost resource first.
    func stopIntake()

    /// Shuts the door for good and tells how many are still inside.
    func beginRelease() -> Int

    /// Waits for those inside, within its own limit, and lets go; the result is a few words for a person.
    func release() async throws(Fault) -> String
}

extension Resource {
    func stopIntake() {}
    func beginRelease() -> Int { 0 }

    /// Releases it now and tells so.
    func letGo() async {
        let start = Clock.now()
        traced.tellReleasing(left: beginRelease())
        do {
            let detail = try await release()
            traced.tellReleased(took: Clock.now() - start, detail)
        } catch {
            traced.tellFailed(error.text)
        }
    }

    func tellAcquired(_ detail: String) { traced.tellAcquired(index: kind.rawValue, detail) }

    func tellQuiesced(_ detail: String) { traced.tellQuiesced(detail) }

    private var traced: TracedResource { TracedResource(kind.name, in: emitter) }
}
