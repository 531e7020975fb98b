import ShutdownBoard

/// The boards at the ends of the stories' chapters, each folded once.
extension Board {
    static let starting = Story.starting().board
    static let diedAtStart = Story.diedAtStart().board
    static let idle = Story.idle().board
    static let serving = Story.serving().board
    static let draining = Story.draining().board
    static let atRisk = Story.atRisk().board
    static let killed = Story.killed().board
    static let graceful = Story.graceful().board
    static let held = Story.held().board
    static let deploying = Story.deploying().board
    static let deployed = Story.deployed().board
    static let chargedTwice = Story.chargedTwice().board
    static let outside = Story.outside().board
    static let outsideDraining = Story.outsideDraining().board
    static let outsideGone = Story.outsideGone().board
    static let unasked = Story.unasked().board
    static let unaskedDraining = Story.unaskedDraining().board
}
