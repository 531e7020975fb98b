import Experiment
import Platform
import Screen
import ShutdownBoard
import ShutdownTrace

/// Obeying what was typed.
extension PlainRun {
    /// Takes one line of text.
    func type(_ text: String) {
        guard let command = PlainCommand(text, hasGate: hasGate) else { return refuse(text) }
        let isConfirmed = isAskingToKill
        isAskingToKill = false
        switch command {
        case .confirm where isConfirmed: obey(.send(.kill))
        case .confirm: refuse(text)
        case .askToKill:
            isAskingToKill = true
            printer.print("SIGKILL cannot be caught: no clean-up step runs. y kills it, anything else does not.")
        case .send, .turnGate, .hold, .release, .step: obey(command)
        case .explain: (explanation + latestExit).forEach { printer.print($0) }
        case .quit: isQuitting = true
        case .help: PlainCommand.help(hasGate).forEach { printer.print($0) }
        }
    }

    /// Gives the server an order, as soon as it takes some.
    func obey(_ order: PlainCommand) {
        if case .send(let signal) = order, [.terminate, .interrupt, .kill].contains(signal) { hasAsked = true }
        guard isUnderWay else { return early.append(order) }
        switch order {
        case .send(let signal): send(signal)
        case .turnGate: tellGate(board.gate.isHeld || asksToHold ? .release : .hold)
        case .hold: tellGate(.hold)
        case .release: tellGate(.release)
        case .step: tellGate(.step)
        case .askToKill, .confirm, .explain, .quit, .help: break
        }
    }

    func obeyEarlyOnes() {
        let orders = early
        early = []
        orders.forEach(obey)
    }

    func send(_ signal: Signal) { run.send(signal, wasAsked: board.stopSignal != nil) }

    private var explanation: [String] {
        guard let playing else { return [Explainer(board, at: now).explanation()] }
        let canAsk = !board.process.isGone && board.stopSignal == nil
        return playing.lesson.explanation(of: board, at: now, isMended: playing.isMended, canAsk: canAsk)
    }

    /// The latest moment at which the server is gone, and what that is.
    private var latestExit: [String] {
        guard let latest = Explainer(board, at: now).latestExit else { return [] }
        return ["\(Glossary.latestExit.term) \(latest.words): \(Glossary.latestExit.meaning)."]
    }

    private func tellGate(_ command: ControlCommand) {
        guard run.experiment.tell(command) else { return printer.print("The server takes no orders now.") }
        asksToHold = command != .release
    }
}
