import CustomDump
import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

/// A moment of a run and what the person has pressed: one golden file.
struct Moment: CustomTestStringConvertible, Sendable {
    let name: String
    let board: Board
    let now: Time
    var keys: [Key] = []
    var transport: Transport?
    var playing: Playing?

    var testDescription: String { name }

    var view: View {
        var view = View(lessons: transport?.origin == .recording ? [] : lessons)
        (view.transport, view.playing) = (transport, playing)
        for key in keys { _ = view.press(key, on: board, now: now) }
        return view
    }

    func frame(_ size: Size, isUTF8: Bool = true) -> Frame {
        Painter.frame(board: board, view: view, now: now, size: size, capabilities: Capabilities(isUTF8: isUTF8))
    }

    static let draining = Moment(name: "draining", board: .draining, now: .seconds(23.8))
    static let serving = Moment(name: "serving", board: .serving, now: .seconds(20))
    static let killed = Moment(name: "killed", board: .killed, now: .seconds(23))

    static let all: [Moment] =
        [
            Moment(name: "starting", board: .starting, now: .seconds(0.06)),
            Moment(name: "died-at-start", board: .diedAtStart, now: .seconds(1)),
            Moment(name: "idle", board: .idle, now: .seconds(30)), serving, draining,
            Moment(name: "at-risk", board: .atRisk, now: .seconds(23.8)), killed,
            Moment(name: "graceful", board: .graceful, now: .seconds(26)),
            draining.pressed("frozen", [.character(" ")]), draining.pressed("help", [.character("?")]),
            draining.pressed("signals", [.character("s")]), draining.pressed("kill-question", [.character("K")]),
            draining.pressed("explanation", [.character("e")]),
            draining.pressed("catalogue", [.character("c"), .down]),
            draining.pressed("filter", [.character("/"), .character("8"), .character("2")]),
            killed.pressed("looking-back", [.character("v")]),
            Moment(name: "replay-paused", board: .draining, now: .seconds(23.8), transport: .recorded),
            Moment(name: "replay-end", board: .killed, now: .seconds(23), transport: .ended),
            Moment(name: "live-past", board: .draining, now: .seconds(23.8), transport: .past),
        ] + played + outside

    /// Moments of lessons: sliders, the gate, a deploy, payments that went wrong.
    static let played: [Moment] = {
        let lagging = Playing(lessons[3], sliders: Slider.lag)
        let deploy = Playing(lessons[3], isMended: true, isDeploy: true)
        let twice = Moment(
            name: "charged-twice", board: .chargedTwice, now: .seconds(26), transport: .liveGone,
            playing: Playing(lessons[4]))
        return [
            Moment(
                name: "sliders", board: .serving, now: .seconds(20), keys: [.tab], transport: .live,
                playing: lagging),
            Moment(
                name: "will-hold", board: .serving, now: .seconds(20), keys: [.character("g")],
                transport: .live, playing: lagging),
            Moment(
                name: "held", board: .held, now: .seconds(40), transport: .liveDraining, playing: lagging),
            Moment(
                name: "held-explained", board: .held, now: .seconds(40), keys: [.character("e")],
                transport: .liveDraining, playing: lagging),
            Moment(
                name: "deploy", board: .deploying, now: .seconds(23.8), transport: .liveDraining,
                playing: deploy),
            Moment(
                name: "deploy-ahead", board: .serving, now: .seconds(20), transport: .live,
                playing: deploy),
            Moment(
                name: "deployed", board: .deployed, now: .seconds(27), transport: .liveGone,
                playing: deploy),
            twice, twice.pressed("charged-twice-lanes", [.character("v")]),
            twice.pressed("charged-twice-payments", [.character("p")]),
            twice.pressed("lesson-explained", [.character("e")]),
            Moment(
                name: "catalogue-search", board: .serving, now: .seconds(20),
                keys: [.character("c"), .character("/"), .character("l"), .character("a"), .character("g")],
                transport: .live),
        ]
    }()

    /// Moments of a server that tells nothing of itself.
    static let outside: [Moment] = [
        Moment(
            name: "outside-serving", board: .outside, now: .seconds(20),
            transport: .live(isGone: false, [], hasGate: false)),
        Moment(
            name: "outside-draining", board: .outsideDraining, now: .seconds(23),
            transport: .live(isGone: false, [.terminate], hasGate: false)),
        Moment(
            name: "outside-gone", board: .outsideGone, now: .seconds(25),
            transport: .live(isGone: true, [.terminate], hasGate: false)),
        Moment(
            name: "unasked-serving", board: .unasked, now: .seconds(20),
            transport: .live(isGone: false, [], hasGate: false)),
        Moment(
            name: "unasked-draining", board: .unaskedDraining, now: .seconds(23),
            transport: .live(isGone: false, [.terminate], hasGate: false)),
    ]

    private func pressed(_ name: String, _ keys: [Key]) -> Moment {
        Moment(name: name, board: board, now: now, keys: keys, transport: transport, playing: playing)
    }
}

extension Slider {
    static let lag = [
        Slider(.lag, ["0.2 s", "0.5 s", "1 s", "2 s"], position: 2),
        Slider(.lead, ["0 s", "0.5 s", "1 s", "1.5 s", "2 s", "3 s"], position: 1),
    ]
}

extension Transport {
    /// The present of a live run of the demo server.
    static func live(isGone: Bool, _ stops: [Signal], hasGate: Bool = true) -> Transport {
        Transport(
            .live(.init(isAlive: !isGone, isGone: isGone, stopSignals: stops, hasGate: hasGate)),
            position: .seconds(20),
            end: .seconds(20), motion: .pinned, event: 817, events: 817, isOver: isGone)
    }
    static let live = live(isGone: false, [])
    static let liveDraining = live(isGone: false, [.terminate])
    static let liveGone = live(isGone: true, [.terminate])

    /// A recording that stands in the middle of its drain.
    static let recorded: Transport = {
        var transport = Transport(
            .recording, position: .seconds(23.8), end: .seconds(33), motion: .still, event: 817, events: 1_204,
            isOver: true)
        (transport.phases, transport.signals) = ([.seconds(0.2), .seconds(21.1), .seconds(31)], [.seconds(21)])
        transport.marks = [.seconds(12)]
        return transport
    }()

    /// The end of what came over standard input.
    static let ended = Transport(
        .stream, position: .seconds(23), end: .seconds(23), motion: .still, event: 99, events: 99, isOver: true)

    /// A live run, four seconds ago.
    static let past = Transport(
        .live(.init(isAlive: true, isGone: false, stopSignals: [.terminate])), position: .seconds(23.8),
        end: .seconds(28), motion: .still, event: 817, events: 1_000, isOver: false)
}

/// Each moment has a file in `Golden` with its frames at five sizes, in both character sets.
///
/// `DRAINBOARD_WRITE_GOLDEN=1` writes them anew; read the difference before it is committed.
@Suite(.timeLimit(.minutes(20))) struct `A golden frame` {
    static let sizes = [(120, 36), (80, 24), (60, 20), (40, 10), (20, 4)].map { Size(columns: $0.0, rows: $0.1) }

    @Test(arguments: Moment.all)
    func `is what the file beside it says`(moment: Moment) throws {
        var text = ""
        for isUTF8 in [true, false] {
            for size in Self.sizes {
                text += "=== \(size.columns)x\(size.rows) \(isUTF8 ? "UTF-8" : "ASCII")\n"
                text += moment.frame(size, isUTF8: isUTF8).lines.map { $0 + "\n" }.joined()
            }
        }
        try expectGolden(text, moment.name)
    }

    @Test func `has the styles of its own file`() throws {
        var text =
            "=== a letter for each cell: flight, good, risk, loss, signal, . for faint; upper case is bold, # reverse\n"
        for moment in Moment.all where ["draining", "at-risk", "killed", "kill-question"].contains(moment.name) {
            text += "=== \(moment.name) 80x24\n"
            text += styles(moment.frame(Size(columns: 80, rows: 24)))
        }
        try expectGolden(text, "styles")
    }

    @Test func `in ASCII holds nothing but ASCII`() {
        for moment in Moment.all {
            for size in Self.sizes {
                let cells = moment.frame(size, isUTF8: false).cells
                #expect(
                    cells.allSatisfy { $0.scalar.value == 0 || (0x20...0x7E).contains($0.scalar.value) },
                    "\(moment.name)")
            }
        }
    }

    private func styles(_ frame: Frame) -> String {
        let letters: [Style.Ink: String] = [
            .normal: " ", .faint: ".", .flight: "f", .good: "g", .risk: "r", .loss: "l", .signal: "s",
        ]
        return (0..<frame.size.rows).map { row in
            (0..<frame.size.columns).map { column in
                let style = frame[row, column].style
                if style.emphasis.contains(.reverse) { return "#" }
                let letter = letters[style.ink] ?? "?"
                guard style.emphasis.contains(.bold) else { return letter }
                return style.ink == .normal && frame[row, column].scalar != " " ? "B" : letter.uppercased()
            }.joined() + "\n"
        }.joined()
    }

    private func expectGolden(_ text: String, _ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["DRAINBOARD_WRITE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        expectNoDifference(text, try String(contentsOf: file, encoding: .utf8))
    }
}
