import ArgumentParser
import DrainboardKit
import Player
import Screen
import ShutdownBoard
import ShutdownTrace

/// `drainboard compare A B`: two recorded runs beside each other, on one clock.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put two recorded runs beside each other, on one clock that starts at the signal.",
        discussion: """
            On a terminal both are played side by side, by the same keys as a recording; d shows in what they differ, q \
            leaves. Elsewhere, and with --plain, the difference in fates, times and payments as text. \
            Record both with the same --seed, and they were asked the same.

            Keys: space play and pause, ←→ 5 s, [ ] phases and signals, 0-9 tenths, Home, End, + - speed, d differences, \
            ? help, q quit, Q quit and keep the picture.

            Exit status: 0, also when they differ; 2 when a file cannot be read or the runs have nothing in common.

            Examples:
              drainboard compare broken.jsonl mended.jsonl
              drainboard compare broken.jsonl mended.jsonl --at +1 --frame 160x40
            """)

    @Argument(help: "A recorded run, by file or name, or a known server's log.")
    var left: String

    @Argument(help: "Another one.")
    var right: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "\(ExportMoment.help): stand still there (default: play; with --frame, the end).", valueName: "t"),
        transform: ExportMoment.init)
    var at: ExportMoment?

    @Option(
        help: ArgumentHelp("Print a picture of both, side by side, of this size together.", valueName: "colsxrows"),
        transform: FrameSize.init)
    var frame: FrameSize?

    @OptionGroup var display: DisplayOptions

    func run() throws {
        var runs = try ComparedRuns(.whole(RunLibrary.file(left)), .whole(RunLibrary.file(right)))
        let moment = at.map { $0.time(signal: runs.signal) }
        if let frame {
            runs.perform(moment.map(Move.to) ?? .end, at: .zero)
            let view = runs.view(at: .zero)
            let picture = runs.frame(view, at: .zero, size: frame.size, isUTF8: !display.ascii)
            for line in picture.lines { Console.print(line) }
            return
        }
        let columns = display.isPlain ? .max : try CompareScreen(runs, display.settings, at: moment).run()
        guard let width = columns else { return }
        for line in runs.sides { Console.print(Console.safe(line, ascii: display.isASCII)) }
        for line in runs.text(width: width).lines.map(\.text) {
            Console.print(Console.safe(line, ascii: display.isASCII))
        }
    }
}
