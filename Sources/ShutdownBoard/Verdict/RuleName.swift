/// The rules, in the order in which they are shown.
///
/// The raw value is their name in JSON.
package enum RuleName: String, Hashable, Sendable, CaseIterable {
    case readinessFirst, inFlightAnswered, lateAnswered, noServerErrors, noneRefused, webSocketsTold, jobsSettled,
        releasedInOrder
    case notForced, leftByItself, leftPromptly, exitStatus
    case noPaymentLost, noPaymentTwice, noPaymentInDoubt
    case databaseClosed, databaseUnused, logComplete, portFree, nothingLeft, deployLostNothing, traceComplete

    /// The rule as a sentence that is true when it held.
    package var sentence: String {
        switch self {
        case .readinessFirst: "readiness failed before the listener closed"
        case .inFlightAnswered: "every request in flight was answered whole"
        case .lateAnswered: "every request let in after the signal was answered whole"
        case .noServerErrors: "every answer after the signal was a good one"
        case .noneRefused: "no new request met a closed door while in rotation"
        case .webSocketsTold: "every WebSocket was told goodbye"
        case .jobsSettled: "every job was finished or handed back"
        case .releasedInOrder: "all released, last in first out"
        case .notForced: "no limit had to be enforced"
        case .leftByItself: "left by itself within the grace period"
        case .leftPromptly: "left soon after the last answer"
        case .exitStatus: "the exit status says success"
        case .noPaymentLost: "no acknowledged payment lost"
        case .noPaymentTwice: "no payment charged twice"
        case .noPaymentInDoubt: "no payment left in doubt"
        case .databaseClosed: "the database was closed"
        case .databaseUnused: "nobody used the database after it began to close"
        case .logComplete: "every log line reached the file"
        case .portFree: "the port is free"
        case .nothingLeft: "no process left behind"
        case .deployLostNothing: "no request of the deploy failed"
        case .traceComplete: "no event of the server is missing"
        }
    }
}
