internal import DemoServer
internal import Dispatch
internal import Experiment
internal import Foundation
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// The dashboard without a screen: a line an event, the waiting line whenever it changes, the verdict at the end.
///
/// Nothing moves the cursor, so that a screen reader, a pipe or a log file gets the same facts. Letters typed on
/// standard input, each with Enter, do what the keys of the dashboard do.
final class PlainRun {
    private let run: LiveRun
    private let interrupts: Interrupts
    private let ready = DispatchSemaphore(value: 0)
    private var said = ""
    private var linesSaid = 0
    private var isQuitting = false
    private let isASCII: Bool

    init(_ plan: Plan, _ display: DisplayOptions) throws {
        let ready = ready
        isASCII = display.isASCII
        interrupts = try Interrupts { ready.signal() }
        run = LiveRun(plan) { ready.signal() }
    }

    /// Prints until the run is over, or the person quits.
    ///
    /// - Throws: `Failure` when the run could not be made.
    func show() throws {
        let commands = Commands { [ready] in ready.signal() }
        while !run.isOver {
            ready.wait()
            _ = run.update { sayNews($0) }
            for letter in commands.takeAll() { obey(letter) }
            if isQuitting || interrupts.first != nil { run.finish() }
        }
        _ = run.update { sayNews($0) }
        if let failure = run.failure { throw failure }
        if let number = interrupts.first { interrupts.die(by: number) }
        let report = Report(run.board, recording: run.recording)
        Console.print("")
        Console.print(try report.formatted(.text, ascii: isASCII))
    }

    private func obey(_ letter: Character) {
        switch letter {
        case "t": run.send(.terminate)
        case "i": run.send(.interrupt)
        case "K": run.send(.kill)
        case "q": isQuitting = true
        case "?": Console.print("t SIGTERM, i SIGINT, K SIGKILL, e explain, q quit; each with Enter")
        case "e": tell(run.board.explanation(at: run.now))
        default: tell("\(letter) means nothing here; ? lists what does")
        }
    }

    /// Says the events that are new, and what the server is waiting for when that has changed.
    private func sayNews(_ board: Board) {
        let total = board.feed.forgotten + board.feed.lines.count
        for line in board.feed.lines.suffix(min(total - linesSaid, board.feed.lines.count)) { say(line, board) }
        linesSaid = total
        guard let waiting = board.waiting(at: board.time) else { return }
        let next = waiting.next.isEmpty ? "" : ", then " + waiting.next.joined(separator: ", ")
        let words = "waiting for \(waiting.what)\(waiting.oldest.map { ", oldest \($0)" } ?? "")\(next)"
        guard words != said else { return }
        said = words
        tell(words)
    }

    private func say(_ line: Feed.Line, _ board: Board) {
        let since = line.time - (board.stopSignal?.at ?? .zero)
        let sign = board.stopSignal == nil ? "" : since < .zero ? "-" : "+"
        let seconds = String(format: "%.3f", abs(since.seconds))
        tell("\(sign)\(seconds) \(line.source.rawValue): \(line.text)")
    }

    /// Prints one line that may hold text from outside.
    private func tell(_ text: String) {
        let safe = printable(text)
        Console.print(isASCII ? asciiOnly(safe) : safe)
    }
}
