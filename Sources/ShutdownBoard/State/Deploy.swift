package import ShutdownTrace

/// A rolling deploy, or a supervisor that starts a second instance: who runs, who is in rotation, who served how much.
///
/// Instance 1 is the server that the board is about; nothing that another one does changes the verdict on it.
package struct Deploy: Hashable, Sendable {
    package internal(set) var beganAt: Time
    /// When the deploy was over.
    package internal(set) var endedAt: Time?
    /// By their numbers, without gaps: the first is number 1.
    package internal(set) var instances: [Instance] = []
    /// Whether the second instance was only started once the first was gone: a supervisor's restart, which has a gap.
    package internal(set) var isRestart = false
    /// Requests that ended since the deploy began.
    package internal(set) var total = 0
    /// Requests since the deploy began that got no whole answer, or a server error.
    package internal(set) var failed = 0
    /// What the first instance had answered before the deploy began.
    var servedBefore = 0
    /// When another instance than the first was in rotation for the first time.
    var successorInAt: Time?

    static let mostInstances = 16

    /// One running copy of the server.
    package struct Instance: Hashable, Sendable {
        /// 1 for the one that is judged.
        package var number: Int
        package var pid: Int?
        package var port: Int?
        /// `absent` until it is started.
        package var state = ServerProcess.State.absent
        package var isInRotation = false
        /// Whole answers that said they came from it, for the first one also the ``Deploy/servedBefore``.
        package var served = 0
        /// Answers of it that were none: cut, or an error.
        package var failed = 0

        package init(number: Int) { self.number = number }

        /// Where it is and how it stands, as the board knows of its process.
        package mutating func take(_ process: ServerProcess) {
            pid = process.pid ?? pid
            port = process.port ?? port
            state = process.state
        }
    }

    package subscript(number: Int) -> Instance? {
        instances.indices.contains(number - 1) ? instances[number - 1] : nil
    }

    /// Counts a request that ended, by the instance that said it served it.
    mutating func count(_ isServed: Bool, by instance: Int?) {
        total += 1
        if !isServed { failed += 1 }
        guard let instance else { return }
        update(instance) { if isServed { $0.served += 1 } else { $0.failed += 1 } }
    }

    /// Changes an instance, which is there from now on.
    mutating func update(_ number: Int, _ change: (inout Instance) -> Void) {
        guard (1...Self.mostInstances).contains(number) else { return }
        while instances.count < number { instances.append(Instance(number: instances.count + 1)) }
        change(&instances[number - 1])
    }
}

extension Payload {
    /// Whether it tells of another instance alone, and so says nothing of the server that is judged.
    ///
    /// Requests and payments are the clients', whoever serves them.
    func isAboutReplacement(_ event: Event) -> Bool {
        switch event.source {
        case .balancer, .supervisor, .kernel: if case .deploy = self { false } else { event.instance > 1 }
        case .server: event.instance > 1 && !isAboutClients
        case .client, .importer: false
        }
    }

    private var isAboutClients: Bool {
        switch self {
        case .request, .payment: true
        case .run, .process, .signal, .shutdown, .balancer, .resource, .connection, .webSocket, .job, .ledger, .log,
            .deploy, .gate, .remains, .observation, .trace, .unknown:
            false
        }
    }

    /// Whether a reader wants to know it of an instance that is not judged.
    func isNewsOfAnother(_ event: Event) -> Bool {
        switch self {
        case .payment(let told): if case .replayed = told.step { true } else { event.source != .server }
        case .signal(.received), .shutdown(.began), .shutdown(.ended), .trace(.faultReported): true
        default: event.source != .server
        }
    }
}
