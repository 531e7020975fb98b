internal import ShutdownTrace

/// How each rule is judged, from what the witnesses saw.
extension Judge {
    /// What was found of a rule; of a run that is known from a log, as far as the log alone can say.
    package func finding(on name: RuleName) -> Finding {
        let found = witnessed(name)
        return board.isImported ? imported(name, found) : found
    }

    private func witnessed(_ name: RuleName) -> Finding {
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
    }
}
