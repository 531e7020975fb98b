import Dispatch
package import Experiment
import Glibc
import Platform
package import Screen
import ShutdownBoard
import ShutdownTrace
import Terminal

/// The dashboard without a screen: a line an event, the waiting line whenever it changes, the verdict at the end.
///
/// Lines that are typed on standard input do what the keys of the dashboard do (``PlainCommand``).
package final class PlainRun {
    let run: LiveRun
    private let interrupts: Interrupts
    private let ready = DispatchSemaphore(value: 0)
    private(set) var board = Board()
    var printer: PlainPrinter
    var isQuitting = false
    var isAskingToKill = false
    var asksToHold = false
    /// Orders that were typed before there was a server to take them.
    var early: [PlainCommand] = []
    /// Whether a person has asked the server to stop.
    var hasAsked = false
    /// Whether the server can be held between the steps of its shutdown.
    let hasGate: Bool
    /// Whether clients ask the server, so that it is known when it serves.
    private let isAsked: Bool
    /// The lesson that is played, if any.
    let playing: Playing?
    /// Nil for a server that is no demo, which is watched for as long as it lives.
    var unattended: UnattendedStop?

    package init(
        _ plan: Plan, isASCII: Bool, playing: Playing? = nil, interpreter: Interpreter? = nil
    ) throws {
        self.playing = playing
        let ready = ready
        hasGate = plan.isTied
        isAsked = plan.isAsked
        unattended = playing.map { UnattendedStop($0.lesson.signal) }
        printer = PlainPrinter(isASCII: isASCII)
        interrupts = try Interrupts { ready.signal() }
        run = LiveRun(plan, interpreter: interpreter) { ready.signal() }
    }

    /// Prints until the run is over, or the person quits.
    ///
    /// - Returns: The exit status: that of the verdict where nobody could type and the signal came by itself, else 0.
    /// - Throws: `Failure` when the run could not be made.
    package func show() throws -> Int32 {
        printer.print(PlainCommand.offer(hasGate))
        let input = TypedInput { [ready] in ready.signal() }
        while !run.isOver {
            wait()
            for line in input.takeAll() { take(line) }
            printNews()
            if isUnderWay { obeyEarlyOnes() }
            stopUnattended()
            if isQuitting || interrupts.first != nil { run.finish() }
        }
        printNews()
        if let failure = run.failure { throw failure }
        interrupts.dieByFirst()
        for fault in run.faults { Console.error(fault) }
        let report = Report(board, recording: run.recording)
        Console.print("")
        Console.print(try report.formatted(.text, printer.style))
        return unattended?.hasSent == true ? Judge(board).verdict.word.exitCode : 0
    }

    /// Waits for a line, for news, and at most until the next signal is due.
    private func wait() {
        let isWaiting = !early.isEmpty || unattended?.isAlone == true
        guard let due = unattended?.due ?? (isWaiting ? Clock.now() + .milliseconds(200) : nil) else {
            return ready.wait()
        }
        _ = ready.wait(timeout: .now() + .microseconds(Int(max(0, (due - Clock.now()).microseconds))))
    }

    private func printNews() {
        for line in run.takeLines() {
            board.apply(line.item)
            printer.print(board)
        }
    }

    private func take(_ line: TypedLine) {
        switch line {
        case .text(let text): type(text)
        case .tooLong: refuse("A line of more than \(TypedLines.longest) bytes")
        case .unreadable: refuse("A line with control bytes")
        case .end: noOneCanType()
        case .hangup:
            // A terminal that is gone takes no line either, and no signal tells of it where HUP is ignored.
            run.finish()
            Terminal.die(by: SIGHUP)
        }
    }

    func refuse(_ text: String) {
        isAskingToKill = false
        printer.print("\(text) means nothing here.")
        printer.print(PlainCommand.offer(hasGate))
    }

    private func noOneCanType() {
        // Only a person would let it go on.
        if asksToHold || board.gate.isHeld || !early.isEmpty && hasGate { obey(.release) }
        guard !wasAsked, !isQuitting else { return }
        unattended?.begin()
        printer.print(unattended?.announcement ?? "Standard input is at its end: nobody can type any more.")
    }

    private func stopUnattended() {
        let signal = unattended?.next(at: Clock.now(), isServing: isUnderWay, wasAsked: wasAsked)
        guard let signal, !board.process.isGone else { return }
        printer.print("\(signal.name), because nobody can type")
        send(signal)
    }

    /// Whether a signal that asks the server to stop was sent, or waits.
    private var wasAsked: Bool { hasAsked || board.stopSignal != nil || board.process.isGone }

    /// Whether the server takes orders: it is in rotation with work in flight, or takes longer than ``startup`` to start.
    ///
    /// One that no client asks takes them once it was started.
    var isUnderWay: Bool {
        switch board.process.state {
        case .absent: false
        case .starting(let since): !isAsked || now - since >= Self.startup
        case .serving where isAsked:
            !board.requests.inFlight.isEmpty
                && (board.rotation.enteredAt != nil || run.experiment.plan.balancer == nil)
        case .serving, .gone: true
        }
    }

    private static let startup = Time.seconds(1)

    /// On the clock of the run.
    var now: Time { board.header.map { Clock.now() - $0.clock } ?? .zero }
}
