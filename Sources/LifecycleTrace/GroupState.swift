import Platform
internal import ShutdownTrace

/// What the services of a group do; emits each step to the trace as it happens.
///
/// A group stops one service after another, the last one first, and waits for each. When a service ends by itself, fails
/// or takes too long, the group cancels all services at once, and the trace shows that the order is lost.
struct GroupState {
    /// How a service ends without being told to stop.
    enum UnaskedEnd: Hashable { case success, failure }

    /// Why the services stop.
    private enum Reason {
        case told, groupCancelled, servicesCancelled, allEnded
        /// This service ended by itself, the first whose end the group does not ignore; with its failure, if it failed.
        case ended(ResourceName, failure: String?)

        /// The cause of the shutdown, in the words of the trace.
        var text: String {
            switch self {
            case .told: "the group was asked to stop"
            case .groupCancelled: "the group was cancelled"
            case .servicesCancelled: "the services were cancelled"
            case .allEnded: "all services ended"
            case .ended(let name, let failure?): "\(name) failed: \(failure)"
            case .ended(let name, nil): "\(name) ended by itself"
            }
        }
    }

    private enum Phase {
        case waiting
        case inUse
        case releasing(since: Time)
        case gone
    }

    private struct Member {
        let resource: TracedResource
        /// The ends that the group ignores.
        let ignored: Set<UnaskedEnd>
        var phase = Phase.waiting

        var isHeld: Bool {
            switch phase {
            case .inUse, .releasing: true
            case .waiting, .gone: false
            }
        }
    }

    /// The signals that the group traps before it starts the services.
    var handled: SignalSet = []

    private let emitter: Emitter
    private var members: [Member] = []
    private var isRunning = false
    private var signals = 0
    private var beganAt: Time?
    private var isForced = false
    private var hasFailed = false
    /// The end that came before anybody asked for one; it counts as the cause of all that follows.
    private var unaskedEnd: Reason?
    private(set) var isOver = false

    init(_ emitter: Emitter) {
        self.emitter = emitter
    }

    /// Adds a service and returns its place, from 0.
    mutating func add(_ name: String, ignoring ignored: Set<UnaskedEnd> = []) -> Int {
        members.append(Member(resource: TracedResource(unique(name), in: emitter), ignored: ignored))
        return members.count - 1
    }

    /// The group runs a service.
    ///
    /// The first call acquires all services in their order, because the group starts them side by side.
    mutating func start(_ index: Int) {
        if !isRunning {
            isRunning = true
            if !handled.isEmpty { emitter.emit(.signal(.armed(caught: handled))) }
            for index in members.indices { acquire(index) }
        } else if case .waiting = members[index].phase {
            acquire(index)
        }
    }

    mutating func receive(_ signal: Signal) {
        signals += 1
        emitter.emit(.signal(.received(signal, ordinal: signals)))
        begin(.signal(signal))
    }

    /// The group tells a service to stop in its turn.
    mutating func ask(_ index: Int) {
        begin(.told)
        release(index, "told to stop")
    }

    /// The group cancels a service, whose turn has not come.
    mutating func cancel(_ index: Int) {
        guard members[index].isHeld else { return }
        begin(.groupCancelled)
        if !isForced {
            isForced = true
            emitter.emit(.shutdown(.forced(.other((unaskedEnd ?? .servicesCancelled).text))))
        }
        release(index, "cancelled")
    }

    mutating func end(_ index: Int, _ error: (any Error)?) {
        let resource = members[index].resource
        let failure = error.flatMap { $0 is CancellationError ? nil : "\($0)" }
        let isIgnored = members[index].ignored.contains(error == nil ? .success : .failure)
        var took = Time.zero
        var detail = error == nil ? nil : "cancelled"
        if case .releasing(let since) = members[index].phase {
            took = Clock.now() - since
        } else {
            detail = "ended by itself"
            if !isIgnored { unaskedEnd = unaskedEnd ?? .ended(resource.name, failure: failure) }
        }
        if let failure { resource.emitFailed(failure) } else { resource.emitReleased(took: took, detail) }
        hasFailed = hasFailed || (failure != nil && !isIgnored)
        members[index].phase = .gone
        if !members.contains(where: \.isHeld) { finish() }
    }

    private mutating func acquire(_ index: Int) {
        members[index].phase = .inUse
        members[index].resource.emitAcquired(index: index + 1)
    }

    private mutating func release(_ index: Int, _ detail: String) {
        guard case .inUse = members[index].phase else { return }
        members[index].phase = .releasing(since: Clock.now())
        members[index].resource.emitQuiesced(detail)
        members[index].resource.emitReleasing()
    }

    private mutating func begin(_ reason: Reason) { begin(.other((unaskedEnd ?? reason).text)) }

    private mutating func begin(_ cause: ShutdownCause) {
        guard beganAt == nil else { return }
        beganAt = Clock.now()
        emitter.emit(.shutdown(.began(cause)))
    }

    private mutating func finish() {
        begin(.allEnded)
        let took = beganAt.map { Clock.now() - $0 } ?? .zero
        emitter.emit(.shutdown(.ended(isForced || hasFailed ? .forced : .clean, took: took)))
        isOver = true
    }

    /// The name of a service in the trace: one short line that no other resource has.
    private func unique(_ name: String) -> ResourceName {
        let line = String(name.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(40))
        let short = line.isEmpty ? "service" : line
        let taken = Set(members.map(\.resource.name.rawValue))
        let names = [short] + (2...members.count + 2).map { "\(short) \($0)" }
        return ResourceName(rawValue: names.first { !taken.contains($0) } ?? short)
    }
}
