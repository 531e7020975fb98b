import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A key of a lesson` {
    private static let lag = Playing(lessons[3], sliders: Slider.lag)

    private func view(_ playing: Playing? = lag, _ transport: Transport = .live) -> View {
        var view = View(lessons: lessons)
        (view.playing, view.transport) = (playing, transport)
        return view
    }

    private func press(_ key: Key, _ view: inout View, _ board: Board = .serving) -> Effect? {
        view.press(key, on: board, now: .seconds(20))
    }

    @Test func `holds the server, releases it, and takes single steps`() {
        var view = view()
        #expect(press(.character("G"), &view) == nil)
        #expect(press(.character("g"), &view) == .gate(.hold))
        #expect(press(.character("G"), &view) == .gate(.step))
        #expect(press(.character("g"), &view) == .gate(.release))
        #expect(press(.character("g"), &view) == .gate(.hold))
        // Whoever comes to a server that is held already lets it go first.
        var other = self.view()
        #expect(press(.character("g"), &other, .held) == .gate(.release))
    }

    @Test func `offers no gate where there is none`() {
        var outside = view(nil, .live(isGone: false, [], hasGate: false))
        #expect(press(.character("g"), &outside) == nil)
        var gone = view(Self.lag, .liveGone)
        #expect(press(.character("g"), &gone) == nil)
        var recorded = view(nil, .recorded)
        #expect(press(.character("g"), &recorded) == nil)
    }

    @Test func `moves the chosen slider, and stops at its ends`() {
        var view = view()
        #expect(press(.character("+"), &view) == .slide(.lag, to: 3))
        #expect(press(.character("-"), &view) == .slide(.lag, to: 1))
        _ = press(.tab, &view)
        #expect(press(.character("-"), &view) == .slide(.lead, to: 0))
        view.playing?.sliders[1].position = 0
        #expect(press(.character("-"), &view) == nil)
        #expect(view.notice == "The lead stops here: 0 s is its smallest value.")
        view.playing?.sliders[1].position = 5
        #expect(press(.character("+"), &view) == nil)
        #expect(view.notice == "The lead stops here: 3 s is its largest value.")
        _ = press(.backTab, &view)
        #expect(press(.character("+"), &view) == .slide(.lag, to: 3))
    }

    @Test func `changes the speed where there is no present or no slider`() {
        var past = view(Self.lag, .past)
        #expect(press(.character("+"), &past) == .move(.faster))
        var recorded = view(nil, .recorded)
        #expect(press(.character("-"), &recorded) == .move(.slower))
        var plain = view(Playing(lessons[0]))
        #expect(press(.character("+"), &plain) == .move(.faster))
    }

    @Test func `switches between the broken server and the mended one`() {
        var view = view()
        #expect(press(.character("M"), &view) == .start(lesson: "lb-lag", isMended: true))
        view.playing?.isMended = true
        #expect(press(.character("M"), &view) == .start(lesson: "lb-lag", isMended: false))
        view.playing?.lesson.expectedWhenMended = nil
        #expect(press(.character("M"), &view) == nil)
        var recorded = self.view(nil, .recorded)
        #expect(press(.character("M"), &recorded) == nil)
    }

    @Test(arguments: [
        (Signal.terminate, "press t to ask it to stop (SIGTERM)", "t  SIGTERM: ask it to leave"),
        (.interrupt, "press i to ask it to stop (SIGINT)", "i  SIGINT: this lesson's signal"),
        (.kill, "press K and y to kill it (SIGKILL)", "K  SIGKILL: this lesson's signal"),
        (.hangup, "press s and choose HUP to ask it to stop (SIGHUP)", "s  choose HUP: this lesson's signal"),
    ])
    func `is offered first, and it is the one that the lesson is about`(signal: Signal, line: String, hint: String) {
        var view = view()
        view.playing?.lesson.signal = signal
        let lines = Painter.frame(
            board: .serving, view: view, now: .seconds(20), size: Size(columns: 160, rows: 50)
        ).lines
        #expect(lines[1].contains(line), "\(lines[1])")
        let hints = lines.filter { $0.contains("  SIG") || $0.contains("this lesson's signal") }
        #expect(hints.first?.contains(hint) == true, "\(hints)")
    }

    @Test func `starts the lesson as a deploy, once`() {
        var view = view()
        #expect(press(.character("d"), &view) == .deploy)
        view.playing?.isDeploy = true
        #expect(press(.character("d"), &view) == nil)
    }

    @Test func `says what a second signal does to this server`() {
        func label(_ second: Playing.SecondSignal) -> String {
            var view = view(Playing(lessons[3]), .live(isGone: false, [.terminate]))
            view.playing?.onSecondSignal = second
            let frame = Painter.frame(
                board: .draining, view: view, now: .seconds(20), size: Size(columns: 120, rows: 36))
            return frame.lines.last ?? ""
        }
        #expect(label(.forces).contains("t again: force"))
        #expect(label(.cleansUpAgain).contains("t again: clean up twice"))
        #expect(!label(.changesNothing).contains("again"))
    }

    @Test(arguments: [false, true])
    func `keeps catalogue, deploy and mended version in the footer of 80 columns`(isMended: Bool) {
        let view = view(Playing(lessons[3], isMended: isMended))
        let frame = Painter.frame(
            board: .serving, view: view, now: .seconds(20), size: Size(columns: 80, rows: 24))
        let footer = frame.lines.last ?? ""
        for label in ["t TERM", "c lessons", "d deploy", isMended ? "M broken" : "M mend", "? help", "q quit"] {
            #expect(footer.contains(label), "\(footer)")
        }
    }

    @Test(arguments: [(80, 24), (40, 10), (120, 36)])
    func `reads a long lesson to its end`(columns: Int, rows: Int) {
        var lesson = lessons[3]
        lesson.why = String(repeating: "a balancer asks now and then whether the server is ready; ", count: 30)
        var view = View(lessons: [lesson])
        view.transport = .live
        let size = Size(columns: columns, rows: rows)
        func shows(_ text: String) -> Bool {
            Painter.frame(board: .serving, view: view, now: .seconds(20), size: size).lines.contains {
                $0.contains(text)
            }
        }
        func press(_ key: Key) { _ = view.press(key, on: .serving, now: .seconds(20), size: size) }
        press(.character("c"))
        if columns < 100 { #expect(!shows("REFUSED-WORK")) }
        press(.character("e"))
        press(.end)
        #expect(shows("REFUSED-WORK"))
        press(.escape)
        #expect(view.overlay == .catalogue(cursor: 0))
    }

    @Test func `shows all of a lesson under a list of one`() {
        var view = view()
        view.lessonFilter = "charged"
        view.overlay = .catalogue(cursor: 0)
        let frame = Painter.frame(
            board: .serving, view: view, now: .seconds(20), size: Size(columns: 80, rows: 24))
        #expect(frame.lines.contains { $0.contains("verdict") && $0.contains("DUPLICATED") })
    }

    @Test func `types in the catalogue only after a slash`() {
        var view = view()
        _ = press(.character("c"), &view)
        _ = press(.character("/"), &view)
        for letter in "cHarged" { _ = press(.character(letter), &view) }
        #expect(view.shownLessons.map(\.name) == ["charged-twice"])
        _ = press(.backspace, &view)
        #expect(view.lessonFilter == "cHarge")
        _ = press(.enter, &view)
        #expect(view.overlay == .catalogue(cursor: 0))
        #expect(press(.character("M"), &view) == .start(lesson: "charged-twice", isMended: true))
        #expect(view.overlay == nil)
    }

    @Test func `opens the catalogue at the lesson that is played`() {
        var view = view()
        view.lessonFilter = "left over"
        _ = press(.character("c"), &view)
        #expect(view.overlay == .catalogue(cursor: 3))
        #expect(view.shownLessons[3].name == "lb-lag")
    }

    @Test func `finds nothing where nothing is, and starts nothing`() {
        var view = view()
        _ = press(.character("c"), &view)
        _ = press(.character("/"), &view)
        for letter in "zzz" { _ = press(.character(letter), &view) }
        _ = press(.enter, &view)
        #expect(press(.enter, &view) == nil)
        _ = press(.character("/"), &view)
        _ = press(.escape, &view)
        #expect(view.shownLessons.count == lessons.count)
    }

    @Test func `shows the payments only where there are some`() {
        var view = view()
        _ = press(.character("p"), &view, .idle)
        #expect(view.overlay == nil)
        _ = press(.character("p"), &view)
        #expect(view.overlay == .payments(scroll: 0))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A lesson's explanation` {
    private static let lesson: Lesson = {
        var lesson = lessons[4]
        lesson.explanations = [
            .serving: "broken serving", .releasing(.workers): "broken release", .gone: "broken end",
        ]
        lesson.mendedExplanations = [.serving: "mended serving", .gone: "mended end"]
        return lesson
    }()

    private func texts(_ board: Board, isMended: Bool = false, canAsk: Bool = false) -> [String] {
        Self.lesson.explanation(of: board, at: board.time, isMended: isMended, canAsk: canAsk)
    }

    private func own(_ board: Board, isMended: Bool = false) -> String? {
        texts(board, isMended: isMended).dropFirst().first
    }

    @Test func `stands behind the facts, in the place of what is true of most servers`() {
        let serving = Board.serving
        #expect(texts(serving) == [serving.at(serving.time).facts, "broken serving"])
        #expect(texts(serving, canAsk: true).last == "K")
        let draining = Board.draining
        #expect(texts(draining) == [draining.at(draining.time).explanation()])
    }

    @Test func `is another one once the ledger is closed`() {
        var lesson = Self.lesson
        lesson.explanations[.draining] = "open"
        lesson.explanations[.draining(.ledgerClosed)] = "closed"
        var story = Story.draining()
        func last() -> String? { lesson.explanation(of: story.board, at: story.board.time, isMended: false).last }
        #expect(last() == "open")
        story.add(.resourceReleasing, .server, 23, [.name: "ledger"])
        #expect(last() == "closed")
    }

    @Test func `takes the place of the remedy under the verdict`() {
        let twice = Board.chargedTwice
        #expect(texts(twice) == [twice.verdict.meaning, "broken end", Self.lesson.mend])
        let killed = Board.killed
        #expect(texts(killed).first == killed.verdict.lesson)
        #expect(texts(killed).last == "This is not the end that the lesson is about, which is DUPLICATED.")
    }

    @Test func `waits with the verdict until everything was looked at`() {
        var story = Story.chargedTwice()
        story.events.removeAll { $0.kind == .runEnded }
        #expect(texts(story.board).count == 1)
        #expect(texts(story.board).first?.contains(Self.lesson.mend) == false)
    }

    @Test func `adds the sentence of the phase and the version`() {
        #expect(own(.serving) == "broken serving")
        #expect(own(.serving, isMended: true) == "mended serving")
        #expect(own(.draining) == nil)
    }

    @Test func `has one for the release of a resource`() {
        var story = Story.draining()
        story.add(.drainEnded, .server, 24, [.left: 0])
        story.release("listener", 24.1, took: 1)
        story.release("websockets", 24.2, took: 1)
        story.release("scheduler", 24.3, took: 1)
        #expect(own(story.board) == "broken release")
    }

    @Test func `tells the lesson's end only when the lesson came to it`() {
        #expect(own(.chargedTwice) == "broken end")
        #expect(own(.killed)?.contains("not the end") == true)
        #expect(own(.graceful, isMended: true) == "mended end")
        #expect(own(.graceful)?.contains("not the end") == true)
    }

    @Test func `goes on while somebody holds the server, and not while it is frozen`() {
        var held = Story.serving()
        held.add(.gateHeld, .server, 20.1, [.name: "the lead"])
        #expect(texts(held.board).first?.contains("Somebody holds the server") == true)
        #expect(own(held.board) == "broken serving")
        var frozen = Story.serving()
        frozen.add(.processStopped, .kernel, 20.1)
        #expect(own(frozen.board) == nil)
    }
}
