package import Experiment
import Foundation
import Platform
package import Screen
import ShutdownBoard
import ShutdownTrace

/// The dashboard without a screen: a line an event, the waiting line whenever it changes, the verdict at the end.
///
/// Letters typed on standard input, each with Enter, do what the keys of the dashboard do.
package final class PlainRun {
    private let run: LiveRun
    private let interrupts: Interrupts
    private let ready = DispatchSemaphore(value: 0)
    private var board = Board()
    private var printer: PlainPrinter
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
        printer = PlainPrinter(isASCII: isASCII)
        interrupts = try Interrupts { ready.signal() }
        run = LiveRun(plan, interpreter: interpreter) { ready.signal() }
    }

    /// Prints until the run is over, or the person quits.
    ///
    /// - Throws: `Failure` when the run could not be made.
    package func show() throws {
        let letters = Inbox<Character> { [ready] in ready.signal() }
        LetterInput.start(into: letters)
        while !run.isOver {
            ready.wait()
            printNews()
            for letter in letters.takeAll() { obey(letter) }
            if isQuitting || interrupts.first != nil { run.finish() }
        }
        printNews()
        if let failure = run.failure { throw failure }
        interrupts.dieByFirst()
        let report = Report(board, recording: run.recording)
        Console.print("")
        Console.print(try report.formatted(.text, ascii: printer.isASCII))
    }

    private func printNews() {
        for line in run.takeLines() {
            board.apply(line.item)
            printer.print(board)
        }
    }

    private func obey(_ letter: Character) {
        let wasAskedToKill = isAskingToKill
        isAskingToKill = false
        switch letter {
        case "t": send(.terminate)
        case "i": send(.interrupt)
        case "g" where hasGate: tellGate(board.gate.isHeld || asksToHold ? .release : .hold)
        case "G" where hasGate: tellGate(.step)
        case "K":
            isAskingToKill = true
            Console.print("SIGKILL cannot be caught: no clean-up step runs. y kills it, anything else does not.")
        case "y" where wasAskedToKill: send(.kill)
        case "q": isQuitting = true
        case "?":
            let gate = hasGate ? ", g hold or go on, G one step" : ""
            Console.print("t SIGTERM, i SIGINT, K SIGKILL\(gate), e explain, q quit; each with Enter")
        case "e": for paragraph in explanation { printer.print(paragraph) }
        default: printer.print("\(letter) means nothing here; ? lists what does")
        }
    }

    private func send(_ signal: Signal) { run.send(signal, wasAsked: board.stopSignal != nil) }

    private var explanation: [String] {
        let now = board.header.map { Clock.now() - $0.clock } ?? .zero
        guard let playing else { return [Explainer(board, at: now).explanation()] }
        let canAsk = !board.process.isGone && board.stopSignal == nil
        return playing.lesson.explanation(of: board, at: now, isMended: playing.isMended, canAsk: canAsk)
    }

    private func tellGate(_ command: ControlCommand) {
        guard run.experiment.tell(command) else { return printer.print("The server takes no orders now.") }
        asksToHold = command != .release
    }
}
