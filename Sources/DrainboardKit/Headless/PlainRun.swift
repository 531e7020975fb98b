import Dispatch
package import Experiment
import Foundation
package import Screen
import ShutdownBoard
import ShutdownTrace

/// The dashboard without a screen: a line an event, the waiting line whenever it changes, the verdict at the end.
///
/// Nothing moves the cursor, so that a screen reader, a pipe or a log file gets the same facts. Letters typed on
/// standard input, each with Enter, do what the keys of the dashboard do.
package final class PlainRun {
    private let run: LiveRun
    private let interrupts: Interrupts
    private let ready = DispatchSemaphore(value: 0)
    private var teller: Teller
    private var isQuitting = false
    private var isAskingToKill = false
    private var asksToHold = false
    /// Whether the server can be held between the steps of its shutdown.
    private let hasGate: Bool
    /// The lesson that is played, if any.
    private let playing: Playing?

    package init(
        _ plan: Plan, isASCII: Bool, playing: Playing? = nil, interpreter: Interpreter? = nil
    ) throws {
        self.playing = playing
        let ready = ready
        hasGate = plan.isTied
        teller = Teller(isASCII: isASCII)
        interrupts = try Interrupts { ready.signal() }
        run = LiveRun(plan, interpreter: interpreter) { ready.signal() }
    }

    /// Prints until the run is over, or the person quits.
    ///
    /// - Throws: `Failure` when the run could not be made.
    package func show() throws {
        let commands = Commands { [ready] in ready.signal() }
        while !run.isOver {
            ready.wait()
            _ = run.update { teller.tell($0) }
            for letter in commands.takeAll() { obey(letter) }
            if isQuitting || interrupts.first != nil { run.finish() }
        }
        _ = run.update { teller.tell($0) }
        if let failure = run.failure { throw failure }
        if let number = interrupts.first { interrupts.die(by: number) }
        let report = Report(run.board, recording: run.recording)
        Console.print("")
        Console.print(try report.formatted(.text, ascii: teller.isASCII))
    }

    private func obey(_ letter: Character) {
        let wasAskedToKill = isAskingToKill
        isAskingToKill = false
        switch letter {
        case "t": run.send(.terminate)
        case "i": run.send(.interrupt)
        case "g" where hasGate: tellGate(run.board.gate.isHeld || asksToHold ? .release : .hold)
        case "G" where hasGate: tellGate(.step)
        case "K":
            isAskingToKill = true
            Console.print("SIGKILL cannot be caught: no clean-up step runs. y kills it, anything else does not.")
        case "y" where wasAskedToKill: run.send(.kill)
        case "q": isQuitting = true
        case "?":
            let gate = hasGate ? ", g hold or go on, G one step" : ""
            Console.print("t SIGTERM, i SIGINT, K SIGKILL\(gate), e explain, q quit; each with Enter")
        case "e": for paragraph in explanation { teller.tell(paragraph) }
        default: teller.tell("\(letter) means nothing here; ? lists what does")
        }
    }

    private var explanation: [String] {
        let (board, now) = (run.board, run.now)
        guard let playing else { return [Explainer(board, at: now).explanation()] }
        let canAsk = !board.process.isGone && board.stopSignal == nil
        return playing.lesson.explanation(of: board, at: now, isMended: playing.isMended, canAsk: canAsk)
    }

    private func tellGate(_ command: ControlCommand) {
        guard run.tell(command) else { return teller.tell("The server takes no orders now.") }
        asksToHold = command != .release
    }
}
