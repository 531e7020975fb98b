import ShutdownBoard
import ShutdownTrace
import Testing

@testable import LogImport

@Suite(.timeLimit(.minutes(20))) struct `A pattern` {
    static let cases: [(String, String, [String]?)] = [
        ("exiting", "1#1: exiting", []), ("exiting", "1#1: exit", nil), ("exit$", "1#1: exiting", nil),
        ("exit$", "1#1: exit", []), ("exit$", "exit, then exit", []),
        (
            "signal {signal} (SIG*) received from {sender},", "signal 15 (SIGTERM) received from 7, exiting",
            ["15", "7"]
        ),
        ("pid {pid})", "worker pid x) pid 12)", ["12"]), ("pid {pid}", "pid -", nil),
        ("a*b*c", "a-b-b-c", []), ("a*b*c", "a-c-b", nil), ("*", "", nil),
        ("in {name} ms", "in 12 h in 3 ms", ["12 h in 3"]),
        ("closing {name}", "now closing the pool", ["the pool"]), ("{name} closed", "the pool closed", ["the pool"]),
        ("aab", "aaab", []), ("a*aab$", "aaaaab", []),
    ]

    @Test(arguments: cases) func `finds its shape anywhere in a line`(text: String, line: String, wanted: [String]?) {
        guard let pattern = try? Pattern(text) else {
            #expect(wanted == nil)
            return
        }
        var steps = 0
        let found = pattern.match(Array(line.utf8), steps: &steps)
        #expect(found?.map { String(decoding: Array(line.utf8)[$0.range], as: UTF8.self) } == wanted)
    }

    @Test(arguments: [
        ("bye", "Bye!", true), ("bye", "bytes", false), ("bye", "goodbye", false), ("bye", "/bye", false),
        ("draining", "Draining 3 requests", true), ("exiting", "pre-exiting", false),
        ("sig{signal} received", "SIGTERM received", true),
    ])
    func `of plain words takes whole words in any case`(text: String, line: String, isFound: Bool) throws {
        var steps = 0
        let found = try Pattern(text, isLoose: true).match(Array(line.utf8), steps: &steps)
        #expect((found != nil) == isFound)
    }

    /// The lines on which backtracking matchers take for ever.
    @Test(arguments: ["a*a*a*a*a*a*a*b", "{name}a{cause}a*a*ab", "aaaaaaaaaaaaaaaaaaaab", "{pid}*{pid}*{pid}b$"])
    func `takes steps in proportion to line and pattern, whatever the line holds`(text: String) throws {
        let pattern = try Pattern(text)
        for line in [
            String(repeating: "a", count: 100_000), String(repeating: "1", count: 100_000),
            "aab" + String(repeating: "a1", count: 50_000),
        ] {
            var steps = 0
            _ = pattern.match(Array(line.utf8), steps: &steps)
            #expect(steps <= 2 * (Pattern.reach + 1) * (text.utf8.count + Pattern.reach / 64))
        }
    }

    @Test(arguments: ["", "*", "{name}", "a{", "a{}", "**"])
    func `without plain text or with a broken field is refused`(text: String) {
        #expect(throws: RuleBook.Problem.self) { try Pattern(text) }
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The rules` {
    @Test func `that are built in can all be read`() {
        #expect(RuleBook.builtIn.programs.count >= 13)
        #expect(RuleBook.builtIn.programs.map(\.rules.count).reduce(0, +) > 150)
    }

    @Test func `say where their wording is from`() {
        for program in RuleBook.builtIn.programs where !program.isGuess {
            #expect(!program.version.isEmpty, "\(program.name)")
            #expect(!program.rules.isEmpty)
            for rule in program.rules { #expect(!rule.source.isEmpty, "\(program.name): \(rule.when)") }
        }
    }

    @Test func `of plain words only ever guess`() {
        for rule in RuleBook.builtIn.programs.filter(\.isGuess).flatMap(\.rules) {
            #expect(rule.events.allSatisfy { $0.isInferred }, "\(rule.when)")
        }
    }

    static let file = #"""
        # our own server
        {"program":"shopd","version":"3"}

        {"when":"shopd up on {port}","events":"process.serving listener.opened"}
        {"when":"asked to leave by {signal}","events":"signal.received shutdown.began","cause":"our word for it"}
        {"when":"tills closed","after":true,"events":"drain.ended? shutdown.ended","outcome":"clean"}
        """#

    static let log = """
        2026-01-31T17:02:01Z shopd up on 8080
        2026-01-31T17:02:02Z tills closed
        2026-01-31T17:02:11Z asked to leave by SIGTERM
        2026-01-31T17:02:12Z tills closed
        """

    /// The documentation's own example is this file.
    @Test func `of the documentation are these`() throws {
        let page = try Fixture.text("../../../Sources/LogImport/LogImport.docc/RulesFormat.md")
        #expect(page.contains(Self.file.replacing("\n\n", with: "\n")))
        for number in Pattern.numbers { #expect(page.contains("`\(number)`")) }
    }

    @Test func `of a file teach a new program`() throws {
        #expect(Imported(Self.log).program == nil)
        let imported = Imported(Self.log, rules: RuleBook.builtIn.extended(by: try RuleBook(Self.file)))
        #expect(imported.program == "shopd")
        #expect(imported.header?.title == "shopd")
        let wanted = ["process.serving", "listener.opened", "signal.received", "shutdown.began"]
        #expect(imported.story == wanted + ["drain.began?", "drain.ended?", "shutdown.ended"])
        #expect(imported.board.stopSignal?.signal == .terminate)
        #expect(imported.board.shutdown.endedAt == .seconds(11))
    }

    @Test func `of a file come before those that are built in`() throws {
        let own = try RuleBook(
            #"{"program":"nginx"}"# + "\n" + #"{"when":"[notice] * exiting","events":"shutdown.forced","cause":"ours"}"#
        )
        let imported = Imported(
            "2026/01/31 17:02:11 [notice] 1#1: exiting\n", rules: RuleBook.builtIn.extended(by: own))
        #expect(imported.program == "nginx")
        #expect(imported.board.shutdown.forced?.cause.text == "ours")
    }

    @Test(arguments: [
        (#"{"when":"x","events":"drain.ended"}"#, "line 1: a rule before any \"program\""),
        ("{\"program\":\"p\"}\n{\"events\":\"drain.ended\"}", "line 2: neither \"program\" nor \"when\""),
        ("{\"program\":\"p\"}\n\n{\"when\":\"x\",\"events\":\"no.such\"}", "line 3: no event is called no.such"),
        ("{\"program\":\"p\"}\n{\"when\":\"{x\"}", "line 2: { without } in {x"),
        ("nonsense", "line 1: not a JSON object"),
        (
            "{\"program\":\"p\"}\n{\"when\":\"x\",\"events\":\"resource.acquired\"}",
            "line 2: resource.acquired has no name"
        ),
        (
            "{\"program\":\"p\"}\n{\"when\":\"x {code}\",\"events\":\"process.exited\"}",
            "line 2: process.exited has no how"
        ),
    ])
    func `that cannot be read name the line`(text: String, message: String) {
        #expect { try RuleBook(text) } throws: { ($0 as? RuleBook.Problem)?.description == message }
    }
}
