internal import ShutdownTrace

/// How the events of a deploy read.
extension Board {
    func deploySentence(_ event: Event) -> (String, Feed.Line.Weight)? {
        let fields = event.fields
        switch event.kind {
        case .deployBegan where process.isGone: return ("the supervisor starts it again", .signal)
        case .deployBegan:
            let port = fields.int(.port).map { " on port \($0)" } ?? ""
            return ("the deploy begins, behind a balancer\(port)", .signal)
        case .instanceSpawned: return ("started as process \(fields.int(.pid) ?? 0)", .normal)
        case .instanceServing: return ("answers, \((fields.time(.took) ?? .zero).words) after the start", .normal)
        case .instanceExited:
            let status = ExitStatus(fields)
            let isClean = if case .exited(code: 0)? = status { true } else { false }
            return (status?.words ?? "is gone", isClean ? .normal : .loss)
        case .deployEnded:
            guard let deploy else { return nil }
            let text =
                "the \(deploy.isRestart ? "restart" : "deploy") is over: \(deploy.failed.grouped) of \(counted(deploy.total, "request")) failed"
            return (text, deploy.failed == 0 ? .normal : .loss)
        case .balancerChanged:
            let interval = fields.time(.interval).map { "probes every \($0.words)" }
            let threshold = fields.int(.threshold).map { "out after \(counted($0, "failure"))" }
            return ([interval, threshold].compactMap { $0 }.joined(separator: ", "), .normal)
        default: return nil
        }
    }
}
