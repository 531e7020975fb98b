public import ShutdownTrace

/// A rolling deploy, or a supervisor that starts a second instance: who runs, who is in rotation, who served how much.
///
/// Instance 1 is the server that the board is about; nothing that another one does changes the verdict on it.
public struct Deploy: Hashable, Sendable {
    /// What stands between the clients and the instances: `proxy` or `haproxy`.
    public internal(set) var balancer: String
    /// Where the clients connect.
    public internal(set) var port: Int?
    public internal(set) var beganAt: Time
    /// When the deploy was over.
    public internal(set) var endedAt: Time?
    /// By their numbers, without gaps: the first is number 1.
    public internal(set) var instances: [Instance] = []
    /// Whether the second instance was only started once the first was gone: a supervisor's restart, which has a gap.
    public internal(set) var isRestart = false
    /// Requests that ended since the deploy began.
    public internal(set) var total = 0
    /// Of those: how many got no whole answer, or a server error.
    public internal(set) var failed = 0

    static let mostInstances = 16

    /// One running copy of the server.
    public struct Instance: Hashable, Sendable {
        /// 1 for the one that is judged.
        public var number: Int
        public var pid: Int?
        public var port: Int?
        /// `absent` until it is started.
        public var state = ServerProcess.State.absent
        public var isInRotation = false
        /// Whole answers that said they came from it, for the first one also those from before the deploy.
        public var served = 0
        /// Answers of it that were none: cut, or an error.
        public var failed = 0

        public init(number: Int) { self.number = number }
    }

    public subscript(number: Int) -> Instance? {
        instances.indices.contains(number - 1) ? instances[number - 1] : nil
    }

    /// Changes an instance, which is there from now on.
    mutating func update(_ number: Int, _ change: (inout Instance) -> Void) {
        guard (1...Self.mostInstances).contains(number) else { return }
        while instances.count < number { instances.append(Instance(number: instances.count + 1)) }
        change(&instances[number - 1])
    }
}

extension Event {
    /// The instance that it is about: 1 where it says nothing.
    var instance: Int { fields.int(.instance) ?? 1 }

    /// Whether it tells of a request or a payment, which are the clients' whoever serves them.
    var isAboutClients: Bool {
        switch kind {
        case .requestStarted, .requestAnswering, .requestFinished, .requestCancelled, .paymentCharged, .paymentReplayed:
            true
        default: false
        }
    }

    /// Whether anybody wants to read it of an instance that is not judged.
    var isNewsOfAnother: Bool {
        switch kind {
        case .paymentReplayed, .signalReceived, .shutdownBegan, .shutdownEnded, .faultReported: true
        default: source != .server
        }
    }
}

extension Board {
    /// Takes what is about the deploy; true for an event that says nothing about the server that is judged.
    mutating func takeDeploy(_ event: Event) -> Bool {
        switch event.kind {
        case .deployBegan:
            guard deploy == nil else {
                reject(event, "began before")
                return true
            }
            var deploy = Deploy(
                balancer: event.fields.string(.balancer) ?? "proxy", port: event.fields.int(.port), beganAt: event.time)
            deploy.update(1) { [process, rotation, traffic] in
                ($0.pid, $0.port, $0.state, $0.isInRotation) = (process.pid, process.port, process.state, rotation.isIn)
                // It has been serving all the while.
                $0.served = traffic.fates[.answered] ?? 0
            }
            self.deploy = deploy
            return true
        case .deployEnded:
            deploy?.endedAt = event.time
            return true
        case .instanceSpawned, .instanceServing, .instanceExited:
            takeInstance(event)
            return true
        case .rotationEntered, .rotationLeft:
            let isIn = event.kind == .rotationEntered
            deploy?.update(event.instance) { $0.isInRotation = isIn }
        case .requestFinished where event.source == .client: countServed(event)
        default: break
        }
        return isAboutReplacement(event)
    }

    /// What happens to another instance is no news of the server that is judged; a client's request is one all the same.
    private func isAboutReplacement(_ event: Event) -> Bool {
        switch event.source {
        case .balancer, .supervisor, .kernel: event.instance > 1
        case .server: event.instance > 1 && !event.isAboutClients
        case .client, .importer: false
        }
    }

    private mutating func takeInstance(_ event: Event) {
        guard deploy != nil else { return reject(event, "no deploy began") }
        if event.kind == .instanceSpawned, event.instance == 2 { deploy?.isRestart = process.isGone }
        deploy?.update(event.instance) {
            switch event.kind {
            case .instanceSpawned:
                ($0.pid, $0.port) = (event.fields.int(.pid), event.fields.int(.port))
                $0.state = .starting(since: event.time)
            case .instanceServing: $0.state = .serving(since: event.time)
            default:
                if let status = ExitStatus(event.fields) { $0.state = .gone(status, at: event.time) }
                $0.isInRotation = false
            }
        }
    }

    private mutating func countServed(_ event: Event) {
        guard deploy != nil, let fate = event.fields.string(.fate).flatMap(Fate.init(rawValue:)) else { return }
        let isServed = fate == .answered
        deploy?.total += 1
        if !isServed { deploy?.failed += 1 }
        guard let instance = event.fields.int(.instance) else { return }
        deploy?.update(instance) { if isServed { $0.served += 1 } else { $0.failed += 1 } }
    }

    /// The instances as they stand now: the first one from what the board knows of it.
    public var instances: [Deploy.Instance] {
        guard var deploy else { return [] }
        deploy.update(1) { [process] in
            ($0.pid, $0.port, $0.state) = (process.pid ?? $0.pid, process.port ?? $0.port, process.state)
            if process.isGone { $0.isInRotation = false }
        }
        return deploy.instances
    }

    /// Whether the judged server is gone, and clients go on behind another instance: a verdict would be early.
    public var isReplacing: Bool {
        process.isGone && !process.isRunOver && deploy.map { $0.endedAt == nil } ?? false
    }

    /// What a deploy that has begun waits for, beside the shutdown of the first instance; nil for nothing.
    func deployWaiting(at now: Time) -> Waiting? {
        guard let deploy, deploy.endedAt == nil else { return nil }
        let next = process.isGone ? ["its clients", "the verdict"] : ["SIGTERM for instance 1"]
        switch deploy[2]?.state {
        case nil, .absent: return Waiting(what: "instance 2 to start", lasted: now - deploy.beganAt, next: next)
        case .starting(let since): return Waiting(what: "instance 2 to answer", lasted: now - since, next: next)
        case .serving(let since):
            guard process.isGone else {
                return deploy[2]?.isInRotation == true
                    ? nil : Waiting(what: "the balancer to take instance 2", lasted: now - since, next: next)
            }
            let open = requests.inFlight.count
            return Waiting(
                what: "the clients of instance 2" + (open > 0 ? ", \(open.grouped) in flight" : ""),
                lasted: process.exit.map { now - $0.at }, next: ["its end", "the verdict"])
        case .gone: return process.isGone ? Waiting(what: "the last look", next: ["the verdict"]) : nil
        }
    }

    /// Requests in flight for which the judged server is responsible.
    public var waitedForCount: Int {
        deploy == nil ? requests.inFlight.count : requests.inFlight.values.count(where: isWaitedFor)
    }

    /// Whether this request is one that the judged server has, as far as anybody can tell.
    ///
    /// In a deploy, what comes after the signal may be at another instance.
    func isWaitedFor(_ lane: Lane) -> Bool {
        deploy == nil || lane.instance == 1 || lane.instance == nil && lane.wasInFlightAtSignal
    }
}
