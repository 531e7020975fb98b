import ServiceLifecycle
import ShutdownTrace

/// Something that the server holds: acquired in order at start, released in the reverse order at shutdown.
///
/// Acquiring is the initializer's work. From then on it is a service of the group, which tells one after another, the
/// last one first, and waits for each. It stays until its own turn even when its work has ended, because the group
/// takes an early return for a failure and cancels all others; and its deadline is inside ``release()``, because a
/// deadline of the group cancels all at once and loses the order.
protocol Resource: Service {
    var name: ResourceName { get }
    var emitter: Emitter { get }

    /// Takes nothing new from here on; called when the shutdown begins, on the outermost resource first.
    func stopIntake()

    /// Shuts the door for good and tells how many are still inside.
    func beginRelease() -> Int

    /// Waits for those inside, within its own limit, and lets go; the result is a few words for a person.
    func release() async throws(Fault) -> String
}

/// The demo's resources in the order of acquisition.
enum ResourceName: String, CaseIterable, Sendable {
    case log, ledger, workers, scheduler, websockets, listener, rotation

    /// 1 for the first.
    var index: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}

extension Resource {
    func stopIntake() {}
    func beginRelease() -> Int { 0 }

    func run() async throws {
        try? await gracefulShutdown()
        await letGo()
    }

    /// Releases it now and tells so.
    func letGo() async {
        let start = Clock.now()
        emit(.resourceReleasing, [.left: .number(beginRelease())])
        do {
            let detail = try await release()
            emit(.resourceReleased, [.took: .time(Clock.now() - start), .detail: .string(detail)])
        } catch {
            emit(.resourceFailed, [.cause: .string(error.text)])
        }
    }

    func tellAcquired(_ detail: String) {
        emit(.resourceAcquired, [.index: .number(name.index), .detail: .string(detail)])
    }

    func tellQuiesced(_ detail: String) {
        emit(.resourceQuiesced, [.detail: .string(detail)])
    }

    private func emit(_ kind: EventKind, _ fields: Fields) {
        emitter.emit(kind, Fields([.init(.name, .string(name.rawValue))] + fields.entries))
    }
}
