internal import ShutdownTrace

/// How the feed tells of what the server, its supervisor and its load balancer do.
extension ExitStatus? {
    fileprivate var weight: Telling.Weight { if case .exited(code: 0)? = self { .normal } else { .loss } }
}

extension ProcessEvent {
    var telling: Telling? {
        switch self {
        case .spawned(let pid, _): Telling(.normal, "started as process \(pid ?? 0)")
        case .serving(let port, let took, _):
            Telling(
                .normal, "answers\(port.map { " on port \($0)" } ?? ""), \((took ?? .zero).words) after the start")
        case .stopped(let signal): Telling(.risk, "frozen by \(signal?.name ?? "a stop signal")")
        case .continued: Telling(.normal, "goes on")
        case .exited(let status): Telling(ExitStatus?.some(status).weight, "the process \(status.words)")
        case .leftBehind(let pid, let command, _):
            Telling(.loss, "left behind: process \(pid ?? 0) \(command ?? "")")
        case .printed(let stream, let text): Telling(stream == .error ? .normal : .quiet, text)
        }
    }
}

extension SignalEvent {
    var telling: Telling? {
        switch self {
        case .armed: Telling(.quiet, "signal handlers stand")
        case .seen: nil
        case .sent(let sent): Telling(.signal, sent.sentence)
        case .received(let signal, let ordinal, let sender):
            Telling(
                .signal,
                "\(counted(ordinal ?? 1, "signal")) received: \(signal.name)"
                    + (sender.map { " from pid \($0)" } ?? ""))
        case .restored: Telling(.quiet, "default signal actions restored")
        }
    }
}

extension SignalEvent.SentSignal {
    fileprivate var sentence: String {
        let whom = target == .group ? "the process group of " : ""
        return "\(signal.name) sent to \(whom)\(pid ?? 0)\(by == .grace ? " because the grace period is over" : "")"
    }
}

extension ShutdownEvent {
    var telling: Telling? {
        switch self {
        case .began(let cause, _, _): Telling(.signal, "shutdown begins: \(cause.text)")
        case .leadEnded: Telling(.normal, "lead is over")
        case .drainBegan(let open):
            Telling(.normal, "drain begins" + (open.map { ", the server counts \(counted($0, "request"))" } ?? ""))
        case .drainDeadlinePassed(let left, _):
            Telling(.loss, "the drain's limit passed, \(counted(left ?? 0, "request")) cut")
        case .drainEnded: Telling(.normal, "drain ended")
        case .forced(let cause): Telling(.risk, "forced: \(cause.text)")
        case .ended(let outcome, _):
            Telling(.normal, "says: shutdown ended" + (outcome.map { ", \($0.rawValue)" } ?? ""))
        case .graceChanged(let grace): Telling(.normal, "the grace period is now \((grace ?? .zero).limitWords)")
        case .graceExpired(let grace): Telling(.loss, "grace period of \((grace ?? .zero).words) is over")
        }
    }
}

extension BalancerEvent {
    var telling: Telling? {
        switch self {
        case .readinessRaised: Telling(.normal, "ready")
        case .readinessLowered: Telling(.normal, "readiness down")
        case .probePassed, .diverted: nil
        case .probeFailed(let probe): Telling(.normal, probe.sentence)
        case .rotationEntered: Telling(.normal, "in rotation")
        case .rotationLeft(let failures): Telling(.normal, "out of rotation after \(failures ?? 0) failed probes")
        case .changed(let interval, let threshold):
            Telling(
                .normal,
                [
                    interval.map { "probes every \($0.words)" },
                    threshold.map { "out after \(counted($0, "failure"))" },
                ].compactMap { $0 }.joined(separator: ", "))
        }
    }
}

extension BalancerEvent.FailedProbe {
    fileprivate var sentence: String {
        "probe failed \(count): \(cause ?? status.map { "status \($0)" } ?? "")"
    }

    /// How many failed in a row, and how many take the server out of rotation where it is still in.
    private var count: String {
        let (failures, threshold) = (failures ?? 1, threshold ?? 1)
        return failures <= threshold ? "\(failures) of \(threshold)" : counted(failures, "time")
    }
}

extension ResourceEvent {
    var telling: Telling? {
        switch step {
        case .acquired: Telling(.quiet, "\(name) acquired")
        case .quiesced, .releasing: nil
        case .released(let took, _): Telling(.normal, "\(name) released in \((took ?? .zero).words)")
        case .failed(let cause): Telling(.loss, "\(name) failed: \(cause ?? "")")
        }
    }
}

extension DeployEvent {
    var telling: Telling? {
        switch self {
        case .began(_, let port):
            Telling(.signal, "the deploy begins, behind a balancer\(port.map { " on port \($0)" } ?? "")")
        case .ended: nil
        case .spawned(let pid, _, _): Telling(.normal, "started as process \(pid ?? 0)")
        case .serving(let took): Telling(.normal, "answers, \((took ?? .zero).words) after the start")
        case .exited(let status): Telling(status.weight, status?.words ?? "is gone")
        }
    }
}

extension GateEvent {
    var telling: Telling? {
        switch self {
        case .told(let line): Telling(.quiet, "told the server: \(line)")
        case .held(let step): Telling(.signal, "held before \(step ?? "the next step")")
        case .released(let took): Telling(.normal, "goes on, held for \((took ?? .zero).words)")
        }
    }
}
