internal import ShutdownTrace

/// How each rule is judged, from what the witnesses saw.
extension Judge {
    func judge(_ name: RuleName) -> Verdict.Rule {
        let (held, evidence): (Bool?, String) =
            switch name {
            case .readinessFirst: readinessFirst
            case .inFlightAnswered: inFlightAnswered
            case .lateAnswered: lateAnswered
            case .noServerErrors: noServerErrors
            case .noneRefused: noneRefused
            case .webSocketsTold: webSocketsTold
            case .jobsSettled: jobsSettled
            case .releasedInOrder: releasedInOrder
            case .notForced: notForced
            case .leftByItself: leftByItself
            case .leftPromptly: leftPromptly
            case .exitStatus: exitStatusRule
            case .noPaymentLost: noPaymentLost
            case .noPaymentTwice: noPaymentTwice
            case .noPaymentInDoubt: noPaymentInDoubt
            case .databaseClosed: databaseClosed
            case .databaseUnused: databaseUnused
            case .logComplete: logComplete
            case .portFree: portFree
            case .nothingLeft: nothingLeft
            case .deployLostNothing: deployLostNothing
            case .traceComplete: traceComplete
            }
        guard !board.isImported else {
            let (held, evidence) = imported(name, (held, evidence))
            return Verdict.Rule(name: name, held: held, evidence: evidence)
        }
        return Verdict.Rule(name: name, held: held, evidence: evidence)
    }

    /// Whether the rule held, nil where nobody can know, and why.
    typealias Finding = (Bool?, String)
}
