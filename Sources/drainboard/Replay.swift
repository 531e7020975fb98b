import ArgumentParser
import DrainboardKit
import Experiment
import LogImport
import Player
import ShutdownTrace

/// `drainboard replay`: a recorded run on the screen, forwards and backwards, or one moment of it.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a recorded run on the screen, forwards and backwards, or print one moment of it.",
        discussion: """
            Without a file: the newest recorded run. A server's log is read as well, by rules that know its shutdown lines.

            Keys: space play and pause, . , one event, ←→ 5 s, [ ] phases and signals, 0-9 tenths, Home, End, + - speed, \
            m mark, / filter, x export, ? help, q quit.

            Examples:
              drainboard replay
              drainboard replay run.jsonl --at +1.5
              drainboard replay run.jsonl --at 9.4 --frame 100x30
              drainboard replay server.log --plain
            """)

    @Argument(help: "A trace, as --record writes it, a server's log, or the name of a run that drainboard runs lists.")
    var file: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("\(ExportMoment.help): stand still there (default: play from the start).", valueName: "t"),
        transform: ExportMoment.init)
    var at: ExportMoment?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How fast it plays: from 1/16 (0.0625) to 64 (default: 1).", valueName: "x"),
        transform: speed)
    var speed = Speed()

    @Option(
        help: ArgumentHelp(
            "Print one frame of this size as plain text, at --at or the end; needs no terminal.",
            valueName: "colsxrows"),
        transform: FrameSize.init)
    var frame: FrameSize?

    @Option(
        help: ArgumentHelp(
            "More rules for the lines of logs; drainboard help rules-format describes them.", valueName: "file"))
    var rules: String?

    @OptionGroup var display: DisplayOptions

    func run() throws {
        let rules = try RuleBook.builtIn(extendedBy: rules)
        let file = try recording()
        let moment = try at?.time(in: file, rules)
        if let frame {
            let lines = try RecordedFrame.lines(
                of: file, rules, at: moment, size: frame.size, isUTF8: !display.ascii)
            return lines.forEach(Console.print)
        }
        if display.isPlain {
            return try PlainReplay.print(file, rules, upTo: moment, isASCII: display.isASCII)
        }
        let dashboard = try Dashboard(display.settings, at: moment, speed: speed) { _, wakeup in
            let recording = try Recording(contentsOf: file, rules: rules) { wakeup.wake() }
            // The playhead can only go to a moment that has been read.
            if at != nil || recording.timeline.count == 0 { try recording.readWhole() }
            return .recording(recording)
        }
        try dashboard.run()
    }

    /// The file that is meant, or that of the newest run; says so where its end is not in it.
    private func recording() throws -> String {
        if let file { return try RunLibrary.file(file) }
        guard let newest = RunLibrary().newest else {
            throw Failure("There is no recorded run yet. Run drainboard demo first, or name a file.")
        }
        switch newest.extent {
        case .whole, .empty: break
        case .writing: Console.error("The newest run still goes on: this is what is recorded of it so far.")
        case .cut: Console.error("The newest recording breaks off before the end of its run.")
        }
        return newest.run.path
    }

    private static func speed(_ text: String) throws -> Speed {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
        let number: Double? =
            switch parts.count {
            case 1: parts[0]
            case 2: parts[0].flatMap { over in parts[1].map { over / $0 } }
            default: nil
            }
        guard let number, let speed = Speed(number), number >= 1.0 / 16, number <= 64 else {
            throw ValidationError("\"\(text)\" is no speed: give one from 1/16 to 64, such as 4 or 0.5.")
        }
        return speed
    }
}
