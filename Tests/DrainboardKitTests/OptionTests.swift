import ArgumentParser
import DrainboardKit
import Screen
import ShutdownTrace
import Testing

@testable import drainboard

@Suite(.timeLimit(.minutes(20))) struct `The command line` {
    /// The sentence with which arguments are refused; nil where they are taken.
    private func refusal(_ arguments: String) -> String? {
        do {
            _ = try Drainboard.parseAsRoot(arguments.split(separator: " ").map(String.init))
            return nil
        } catch { return Drainboard.message(for: error) }
    }

    static let spans: [(String, Double)] = [("0.2", 0.2), ("0.2s", 0.2), ("-50ms", -0.05), ("3s", 3)]

    @Test(arguments: spans) func `takes a span in seconds or milliseconds`(text: String, seconds: Double) throws {
        #expect(try DurationArgument.seconds(text) == seconds)
        #expect(try DurationArgument.time(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "s", "ms", "fast", "1m"]) func `takes no other span`(text: String) {
        #expect(throws: (any Error).self) { try DurationArgument.seconds(text) }
    }

    @Test func `takes no span of more than an hour`() {
        #expect(throws: (any Error).self) { try DurationArgument.time("3601") }
    }

    @Test func `takes a size as columns and rows`() throws {
        #expect(try FrameSize("100x30").size == Size(columns: 100, rows: 30))
        for text in ["100", "0x5", "5x", "1001x1", "axb", "1x2x3"] {
            #expect(throws: (any Error).self) { try FrameSize(text) }
        }
    }

    @Test func `takes a moment since the start or since the signal`() throws {
        #expect(try ExportMoment("9.4") == .sinceStart(9.4))
        #expect(try ExportMoment("+1.2") == .sinceSignal(1.2))
        #expect(try ExportMoment("-0.5") == .sinceSignal(-0.5))
        #expect(ExportMoment.sinceStart(2).time(signal: .seconds(5)) == .seconds(2))
        #expect(ExportMoment.sinceSignal(2).time(signal: .seconds(5)) == .seconds(7))
        #expect(ExportMoment.sinceSignal(-9).time(signal: .seconds(5)) == .zero)
        for text in ["", "+", "-", "soon", "nan", "inf", "1e99"] {
            #expect(throws: (any Error).self) { try ExportMoment(text) }
        }
    }

    @Test func `takes one signal, a list, or all`() throws {
        #expect(try SignalChoice.find("term") == SignalChoice(signals: [.terminate], isSearch: false))
        #expect(try SignalChoice.find("TERM,INT,15").signals == [.terminate, .interrupt])
        #expect(try SignalChoice.find("all").isSearch)
        for text in ["", "TERM,", "NONE", "65"] { #expect(throws: (any Error).self) { try SignalChoice.find(text) } }
    }

    @Test func `takes a later signal with its time`() {
        #expect(LaterSignal(argument: "KILL:1.9")?.seconds == 1.9)
        for text in ["KILL", "KILL:", "KILL:-1", "NONE:1", "KILL:1:2"] { #expect(LaterSignal(argument: text) == nil) }
    }

    @Test func `takes a grace period, or the wish to find it`() {
        #expect(GraceChoice(argument: "find") == .find)
        #expect(GraceChoice(argument: "200ms") == .seconds(0.2))
        #expect(GraceChoice(argument: "long") == nil)
    }

    @Test func `takes a theme by its name`() throws {
        #expect(try Theme.find("light").name == "light")
        #expect(throws: (any Error).self) { try Theme.find("pink") }
    }

    static let refusals: [(String, String)] = [
        ("check --jobs 17", "--jobs must be from 1 to 16, not 17."),
        ("check --repeat 0", "--repeat must be from 1 to 1,000, not 0."),
        ("check --behind-balancer 1", "--behind-balancer needs --grace find."),
        ("check --repeat 2 --record x", "--record and --then are for one run with one signal."),
        ("check --ready /x -- true", "--ready needs --url: it says how a server that is not the demo's is asked."),
        (
            "check --url http://127.0.0.1:1/",
            "There is no command that starts the server. Give it last, after two "
                + "dashes: -- node server.js"
        ),
        (
            "check --prove --url http://127.0.0.1:1/ -- true",
            "--scenario and --prove are about the demo server, --url about your own: give one of them."
        ),
        ("demo --longest 9", "--longest must be more than 0 and at most 7 seconds, not 9.0."),
        ("check --longest 3", "--longest cannot be used here: it is about the demo's traffic: add --workload demo."),
        ("grid --longest 3", "--longest cannot be used here: these runs have short requests of their own."),
        ("sweep --record x", "--record cannot be used here: it is for one run, and these are many."),
        ("check --prove --record x", "--record cannot be used here: it is for one run, and --prove makes many."),
        ("sweep --steps 1", "--steps must be from 2 to 1,000, not 1."),
        ("sweep --from 0.3 --to 0.2", "--from must be before --to."),
        ("demo --port 0", "--port 0 does not exist: choose one from 1 to 65535."),
        ("demo --rate 0", "--rate must be more than 0 and at most 1,000,000 requests a second, not 0.0."),
        ("demo --theme pink", "There is no theme \"pink\". Choose one of: dark, light, monochrome."),
        ("export x --to html --timeline", "--timeline is a drawing: use it with --to svg."),
        ("export x --to html --at 1", "--at chooses the moment of a still: use it with --to svg or --to markdown."),
        (
            "replay --at soon",
            "The value 'soon' is invalid for '--at <t>': \"soon\" is no moment: give seconds since the start of the "
                + "run, such as 9.4, or with a sign since the signal, such as +1.2 or -0.5."
        ),
        ("watch - --port 1", "--port, --grace and --record are about a server that is started: not with a dash."),
        ("serve --port 70000", "--port 70000 does not exist: choose one from 1 to 65535, or 0 for a free one."),
    ]

    @Test(arguments: refusals) func `says in a sentence what it does not take`(arguments: String, sentence: String) {
        #expect(refusal(arguments) == sentence)
    }

    @Test(arguments: [
        "", "demo --deploy", "check --signal all",
        "check --grace find --behind-balancer 1 --url http://127.0.0.1:1/ -- x",
        "sweep --from -50ms --to 0.2s", "grid --signals TERM,INT", "replay --speed 1/4", "watch -", "watch -- ./worker",
        "export run.jsonl --to svg --at +1.2", "serve --port 0", "scenarios --format json", "compare a b --frame 80x24",
    ]) func `takes what the documents show`(arguments: String) {
        #expect(refusal(arguments) == nil)
    }
}
