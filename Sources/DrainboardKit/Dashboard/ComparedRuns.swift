import Player
package import Screen
package import ShutdownBoard
package import ShutdownTrace

/// Two runs on one clock, with one playhead: the signals of both are at the same moment.
package struct ComparedRuns {
    private(set) var left: ComparedRun
    private var right: ComparedRun
    /// When the signal was sent, in both.
    package let signal: Time
    private let comparison: Comparison
    private var track: SharedTrack
    private(set) var playhead = Playhead()

    /// - Throws: `Failure` when one of them shows no shutdown.
    package init(_ left: Recording, _ right: Recording) throws {
        let boards = [left, right].map(\.timeline.head)
        guard let comparison = Comparison(boards[0], boards[1]) else {
            let silent = boards[0].shutdownStart == nil ? left : right
            throw Failure(
                "The two runs have nothing in common to compare: \(silent.file) shows no signal and no exit. Name two "
                    + "runs in which a server was asked to stop.")
        }
        let starts = boards.map { $0.shutdownStart ?? .zero }
        signal = max(starts[0], starts[1])
        self.left = ComparedRun(left, offset: signal - starts[0])
        self.right = ComparedRun(right, offset: signal - starts[1])
        self.comparison = comparison
        track = SharedTrack(end: max(self.left.end, self.right.end))
    }

    /// Which run is left and which right, and a blank line.
    package var sides: [String] {
        [("left", left), ("right", right)].flatMap { side, run in
            run.words.enumerated().map { ($0.offset == 0 ? side : "").padded(right: 5) + "   " + $0.element }
        } + [""]
    }

    /// The difference as text.
    package func text(width: Int) -> ComparisonText { ComparisonText(comparison, width: width) }

    /// The view of both, with the playhead at this moment of the viewer's clock.
    package mutating func view(at now: Time) -> View {
        var view = View()
        view.comparison = comparison
        view.transport = transport(at: now)
        return view
    }

    package mutating func perform(_ move: Move, at now: Time) {
        let landmarks = [left, right].flatMap(\.landmarks).sorted { $0.time < $1.time }
        playhead.perform(move, at: now, on: &track, landmarks: landmarks)
    }

    /// The picture of both at the view's moment.
    package mutating func frame(_ view: View, at now: Time, size: Size, isUTF8: Bool) -> Frame {
        let time = view.transport?.position ?? .zero
        return Painter.frame(
            left: left.part(at: time, on: now), right: right.part(at: time, on: now), view: view, size: size,
            capabilities: Capabilities(isUTF8: isUTF8))
    }

    /// The state of the playhead for the timeline bar and the keys.
    mutating func transport(at now: Time) -> Transport {
        let time = playhead.tick(at: now, on: &track).time
        var transport = Transport(
            .recording, position: time, end: track.end, motion: playhead.isPlaying ? .playing : .still, event: 0,
            events: 0, isOver: true)
        transport.zero = signal
        transport.speed = playhead.speed.description
        for run in [left, right] { transport.add(run.timeline.landmarks, from: run.offset) }
        return transport
    }
}

/// One of two runs that are compared, on the clock that both share.
struct ComparedRun {
    private let recording: Recording
    /// The moment of the shared clock at which this run begins.
    let offset: Time
    private var player: Player

    init(_ recording: Recording, offset: Time) {
        self.recording = recording
        self.offset = offset
        player = Player(recording.timeline)
    }

    var timeline: Timeline { recording.timeline }

    /// "killed.jsonl: polite", and below it how it was made, where the recording tells that.
    fileprivate var words: [String] {
        let board = timeline.head
        return ["\(recording.file.fileName): \(board.title)"]
            + RunOrigin(board).rows.filter { $0.kind != .maker }.map { "\($0.label) \($0.text)" }
    }

    var end: Time { offset + timeline.end }

    /// The landmarks on the shared clock, which has no events to count.
    var landmarks: [Landmark] {
        timeline.landmarks.map { landmark in
            var shared = landmark
            shared.time = landmark.time + offset
            shared.index = 0
            return shared
        }
    }

    /// The run at a moment of the shared clock; before its start and after its end it stands still.
    mutating func part(at time: Time, on now: Time) -> Painter.Part {
        player.perform(.to(time - offset), at: now)
        return Painter.Part(
            name: recording.file.fileName, board: player.board, now: player.position.time,
            isLast: player.position.count >= timeline.count)
    }
}

/// What the one playhead has to know of both runs: their common length.
///
/// Each run counts its own events.
private struct SharedTrack: Track {
    let end: Time
    var count: Int { 0 }
    var isOpen: Bool { false }
    var gaps: [Gap] { [] }

    func present(at now: Time) -> Time? { nil }
    func count(at time: Time) -> Int { 0 }
    func time(after count: Int) -> Time { count > 0 ? end : .zero }
}
