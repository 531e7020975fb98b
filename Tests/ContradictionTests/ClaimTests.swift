import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

/// Each claim is shown something that is not so, at a moment of a recording.
@Suite(.timeLimit(.minutes(20))) struct `A claim` {
    /// A moment of a recording, and what a screen that lies would say there.
    struct Lie: CustomTestStringConvertible {
        var claim: String
        var recording: String
        var moment: Moment
        var lines: [String]
        var look = Picture.Look.live
        var pose = Picture.Pose.usual
        var size = Size(columns: 200, rows: 60)

        init(_ claim: String, _ recording: String, _ moment: Moment, _ lines: String...) {
            self.claim = claim
            self.recording = recording
            self.moment = moment
            self.lines = lines
        }

        var testDescription: String { claim }

        func posing(_ pose: Picture.Pose) -> Lie {
            var lie = self
            lie.pose = pose
            return lie
        }

        enum Moment { case signal, draining, exit, end }
    }

    static let lies = [
        Lie("one number of requests in flight", "polite", .draining, " waiting for 5 requests", "╭─ in flight 6 ──"),
        Lie(
            "one number of requests of the first instance", "charged-twice", .end,
            " waiting for 4 requests", "╭─ in flight 14, 3 of instance 1 ──"),
        Lie("a request that never got in is not in flight", "polite", .signal, " serving 3/s, 9,999 in flight"),
        Lie("nothing to wait for means nothing in flight", "polite", .signal, " waiting for nothing"),
        Lie(
            "the parts of a number add up to it", "polite", .end,
            "│ in flight at the signal 17   12 answered, 3 cut                        │"),
        Lie("an idle wait has nothing in flight", "killed", .end, " 0.3 s with nothing left to do"),
        Lie("gone is gone", "deaf-wrapper", .exit, " drainboard  deaf-wrapper        GONE  after 284 µs"),
        Lie(
            "nothing is over while a process goes on", "deaf-wrapper", .exit, " PARENT GONE", " 7 ✗ log never released"),
        Lie("no limit runs after the exit", "polite", .exit, " grace  0.0 of 45 s, then SIGKILL"),
        Lie("no verdict before everything was looked at", "exit-liar", .exit, "│ DROPPED  exited 0"),
        Lie("no verdict is taken back", "exit-liar", .end, "│ GRACEFUL  exited 0"),
        Lie("out of rotation is out of rotation", "lb-lag", .draining, " serving ━━ out of rotation ━━ ▶ DRAINING"),
        Lie("out of rotation is out of rotation", "lb-lag", .draining, " ━serving ━rotation ▶DRAINING"),
        Lie("out of rotation is out of rotation", "lb-lag", .draining, " ·1 ▶ draining     out of rotation  served 3"),
        Lie("any moment now is soon", "polite", .draining, " waiting for 1 request, any moment now"),
        Lie("what did its work has begun", "killed", .end, " 5 ✗ websockets never released"),
        Lie("what did its work has begun", "killed", .end, " released 0 of 7   nothing; rotation, log never began"),
        Lie("a tick is good news", "exit-liar", .end, " 6 ━ listener   all answered    0.8 s"),
        Lie("a tick is good news", "wrong-order", .end, " 3 ━ workers    all jobs finished"),
        Lie("praise was earned", "lb-lag", .end, " This is what a deploy should look like: nobody noticed."),
        Lie("a text names keys that work", "polite", .signal, " press Z to see more", "footer"),
        Lie("the first lines name the key of the lesson", "charged-twice", .signal, " press t to ask it to stop"),
        Lie("the page of a request has its fate", "polite", .end, "│ fate        never sent after 2 s")
            .posing(.request),
        Lie("no bare state words", "polite", .draining, " connection 4711 idle or busy"),
    ]

    @Test(arguments: lies) func `is not fooled`(lie: Lie) throws {
        let picture = try picture(of: lie)
        let claim = try #require(Claim.all.first { $0.name == lie.claim })
        #expect(claim.contradiction(picture) != nil)
        #expect(claim.contradiction(picture.saying([])) == nil)
    }

    @Test func `sees a cut word in a default size`() throws {
        var lie = Lie("no word is cut in a default size", "polite", .draining, "│ AT RISK: SIGKILL comes f… │", "")
        lie.size = Size(columns: 80, rows: 24)
        let claim = try #require(Claim.all.first { $0.name == lie.claim })
        #expect(claim.contradiction(try picture(of: lie)) != nil)
    }

    @Test func `has a lie that it is shown`() {
        // What the keys of the footer do is no text; a cut word needs a size of its own.
        let others: Set = ["each key of the footer does something", "no word is cut in a default size"]
        #expect(Set(Claim.all.map(\.name)).subtracting(Self.lies.map(\.claim)) == others)
    }

    private func picture(of lie: Lie) throws -> Picture {
        let run = try #require(Recorded.all.first { $0.name == lie.recording })
        let event = try #require(lie.moment.event(of: run))
        let board = Board(header: run.header, run.events[..<event])
        return Picture(run, event, board, board.time, lie.look, lie.size, lie.pose).saying(lie.lines)
    }
}

extension `A claim`.Lie.Moment {
    /// Events so far: up to before the signal, a moment after the listener closed, with the exit, or to the end.
    fileprivate func event(of run: Recorded) -> Int? {
        switch self {
        case .signal: run.outcome.signal.map { $0.event - 1 }
        case .draining: run.outcome.listenerClosed.map { $0.event + 1 }
        case .exit: run.outcome.exit?.event
        case .end: run.events.count
        }
    }
}
