import Clients
import Monitoring
import Platform
import ShutdownTrace
import Synchronization

/// The start of the server: when it serves, and why it did not.
extension Run {
    /// Returns when the server answered for the first time; nil when it never did.
    func waitUntilServing(since start: Time, _ monitor: ProcessMonitor) async -> Time? {
        guard plan.isAsked else { return await waitUntilListening(since: start, monitor) }
        let timer = Task {
            try await clock.sleep(plan.servingTimeout)
            let ports = ListeningPorts.of(monitor.members)
            let sockets = try? SocketDiag(port: port).look(connections: true)
            let isSilent = sockets.map { $0.isListening && !$0.connections.isEmpty } ?? false
            experiment.state.withLock { $0.timeOut(ports: ports, isSilent: isSilent) }
            experiment.send(.kill, by: .cleanup)
        }
        defer { timer.cancel() }
        let dialer = try? Dialer(port: port, of: plan.workload.target?.url, on: traffic.loop)
        let patience = plan.workload.target == nil ? nil : plan.servingTimeout
        let answer = await dialer?.waitUntilServing(
            firstQuestion, clock, patience: patience,
            note: { status in experiment.state.withLock { _ = $0.notYet.take(status) } },
            mayAsk: { await ownsPort(monitor) })
        // A stranger may have begun to listen between the look at the port and the question.
        guard let answer, await ownsPort(monitor) else { return nil }
        timer.cancel()
        return beginServing(since: start, port: port, product: answer.product)
    }

    /// What is asked until the server answers: the readiness check, or else what the clients ask for.
    private var firstQuestion: Dialer.Question {
        guard plan.balancer == nil, let target = plan.workload.target?.on(port: port) else {
            return .path(plan.balancer?.path ?? "/")
        }
        return .target(target)
    }

    /// Returns when some process of the server listens, or after a second: not every program has a port.
    private func waitUntilListening(since start: Time, _ monitor: ProcessMonitor) async -> Time? {
        for _ in 0..<20 where monitor.ports.isEmpty {
            do { try await clock.sleep(.milliseconds(50)) } catch { return nil }
        }
        let ports = monitor.ports
        return beginServing(since: start, port: ports.contains(port) ? port : ports.first)
    }

    private func beginServing(since start: Time, port: Int?, product: String? = nil) -> Time {
        let serving = clock.now
        experiment.state.withLock { $0.beginServing() }
        reporter.tell(
            .process(.serving(port: port, took: serving - start, product: product)), from: .supervisor, at: serving)
        if let masks = experiment.masks { reporter.tell(.signal(.seen(masks)), from: .kernel) }
        return serving
    }

    /// Throws the error that made the run impossible, if one did.
    ///
    /// `isTakenBy` is a stranger who listens on the port now.
    func judgeStart(
        _ status: ExitStatus?, isLeft: Bool, _ lines: [String], isTakenBy occupant: Occupant?
    ) throws(RunError) {
        let state = experiment.state.withLock { $0 }
        let seconds = plan.servingTimeout.seconds
        if let failure = state.failure { throw failure }
        if isLeft, !state.wasSignalled, status == .exited(code: 0) { throw .wentToBackground(command: launch.told) }
        switch state.start {
        case .serving:
            // The server could not listen, and another process on the port answered in its place.
            if !state.wasSignalled, !isLeft, plan.isAsked, isPortServed { throw .portBusy(port) }
        case .timedOut where state.notYet.status != nil:
            throw .neverReady(
                command: launch.told, asked: plan.workload.target?.told ?? "GET /", state.notYet.words, seconds: seconds
            )
        case .timedOut(_, isSilent: true):
            throw .neverAnswered(command: launch.told, port: port, seconds: seconds, lines: lines)
        case .timedOut(let ports, _):
            guard ports.isEmpty else {
                throw .listensElsewhere(command: launch.told, port: port, ports: ports, seconds: seconds)
            }
            throw .neverServed(command: launch.told, port: port, seconds: seconds, lines: lines)
        case .awaited:
            guard state.wasSignalled else {
                if plan.isAsked, let occupant {
                    throw .portTaken(port, by: occupant, command: launch.told)
                }
                throw .diedAtStart(command: launch.told, status: status?.words ?? "nobody knows how", lines: lines)
            }
        }
    }

    private var isPortServed: Bool {
        (try? SocketDiag(port: port).look(connections: false).isListening) ?? false
    }
}
