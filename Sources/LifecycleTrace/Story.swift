import Platform
internal import ShutdownTrace

/// What the services of a group went through so far; each step is told to the trace as it happens.
///
/// A group tells one service after another to stop, the last one first, and waits for each. Where it does not, because a
/// service ended by itself, failed or took too long, it cancels all at once, and the trace shows that the order is lost.
struct Story {
    /// How a service ends that nobody told to.
    enum End: Hashable { case success, failure }

    private enum Stage {
        case waiting
        case inUse
        case releasing(since: Time)
        case gone
    }

    private struct Member {
        let resource: TracedResource
        /// The ends that the group takes no notice of.
        let ignored: Set<End>
        var stage = Stage.waiting

        var isHeld: Bool {
            switch stage {
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
    /// How the first service ended that nobody had told to, and whose end the group does not ignore.
    private var surprise: String?
    private(set) var isOver = false

    init(_ emitter: Emitter) {
        self.emitter = emitter
    }

    /// Takes in a service and returns its place, from 0.
    mutating func add(_ name: String, ignoring ignored: Set<End> = []) -> Int {
        members.append(Member(resource: TracedResource(unique(name), in: emitter), ignored: ignored))
        return members.count - 1
    }

    /// The group runs this one; the first to run stands for all that were there before it, in their order, because the
    /// group starts them side by side.
    mutating func start(_ index: Int) {
        if !isRunning {
            isRunning = true
            if !handled.isEmpty { emitter.emit(.signal(.armed(caught: handled))) }
            for index in members.indices { acquire(index) }
        } else if case .waiting = members[index].stage {
            acquire(index)
        }
    }

    mutating func receive(_ signal: Signal) {
        signals += 1
        emitter.emit(.signal(.received(signal, ordinal: signals)))
        begin(.signal(signal))
    }

    /// The group tells this one to stop; it was its turn.
    mutating func ask(_ index: Int) {
        begin(.other(surprise ?? "the group was asked to stop"))
        release(index, "told to stop")
    }

    /// The group waits for no turns any more.
    mutating func cancel(_ index: Int) {
        guard members[index].isHeld else { return }
        begin(.other(surprise ?? "the group was cancelled"))
        if !isForced {
            isForced = true
            emitter.emit(.shutdown(.forced(.other(surprise ?? "the services were cancelled"))))
        }
        release(index, "cancelled")
    }

    mutating func end(_ index: Int, _ error: (any Error)?) {
        let resource = members[index].resource
        let failure = error.flatMap { $0 is CancellationError ? nil : "\($0)" }
        let isIgnored = members[index].ignored.contains(error == nil ? .success : .failure)
        var took = Time.zero
        var detail = error == nil ? nil : "cancelled"
        if case .releasing(let since) = members[index].stage {
            took = Clock.now() - since
        } else {
            detail = "ended by itself"
            let words = "\(resource.name.rawValue) " + (failure.map { "failed: \($0)" } ?? "ended by itself")
            if !isIgnored { surprise = surprise ?? words }
        }
        if let failure { resource.tellFailed(failure) } else { resource.tellReleased(took: took, detail) }
        hasFailed = hasFailed || (failure != nil && !isIgnored)
        members[index].stage = .gone
        if !members.contains(where: \.isHeld) { finish() }
    }

    private mutating func acquire(_ index: Int) {
        members[index].stage = .inUse
        members[index].resource.tellAcquired(index: index + 1)
    }

    private mutating func release(_ index: Int, _ detail: String) {
        guard case .inUse = members[index].stage else { return }
        members[index].stage = .releasing(since: Clock.now())
        members[index].resource.tellQuiesced(detail)
        members[index].resource.tellReleasing()
    }

    private mutating func begin(_ cause: ShutdownCause) {
        guard beganAt == nil else { return }
        beganAt = Clock.now()
        emitter.emit(.shutdown(.began(cause)))
    }

    private mutating func finish() {
        begin(.other(surprise ?? "all services ended"))
        let took = beganAt.map { Clock.now() - $0 } ?? .zero
        emitter.emit(.shutdown(.ended(isForced || hasFailed ? .forced : .clean, took: took)))
        isOver = true
    }

    /// A name for the trace: one short line that no other resource has.
    private func unique(_ name: String) -> ResourceName {
        let line = String(name.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(40))
        let short = line.isEmpty ? "service" : line
        let taken = Set(members.map(\.resource.name.rawValue))
        let names = [short] + (2...members.count + 2).map { "\(short) \($0)" }
        return ResourceName(rawValue: names.first { !taken.contains($0) } ?? short)
    }
}
