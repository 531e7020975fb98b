import Foundation
import Player
package import Screen
package import ShutdownBoard
package import ShutdownTrace

/// One of two runs that are compared, on the clock that both share: the signals of both are at the same moment of it.
struct ComparedRun {
    private let tape: Tape
    /// The moment of the shared clock at which this run begins.
    let offset: Time
    private var player: Player

    init(_ tape: Tape, offset: Time) {
        self.tape = tape
        self.offset = offset
        player = Player(tape.timeline)
    }

    var timeline: Timeline { tape.timeline }
    private var name: String { tape.file.split(separator: "/").last.map(String.init) ?? tape.file }
    var end: Time { offset + timeline.end }

    /// The run as it is at a moment of the shared clock; before its start and after its end it stands still.
    mutating func part(at time: Time, on now: Time) -> Painter.Part {
        player.perform(.to(time - offset), at: now)
        return Painter.Part(name: name, board: player.board, now: player.position.time)
    }
}

/// Two runs on one clock, with one playhead.
package struct ComparedRuns {
    var left: ComparedRun
    var right: ComparedRun
    /// When the signal was sent, in both.
    package let signal: Time
    private let comparison: Comparison
    private var track: SharedTrack
    private(set) var playhead = Playhead()

    /// - Throws: `Failure` when one of them shows no shutdown.
    package init(_ left: Tape, _ right: Tape) throws {
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

    /// The difference as text.
    package func text(width: Int) -> ComparisonText { ComparisonText(comparison, width: width) }

    /// How both are looked at, and where the playhead stands, at this moment of the viewer's clock.
    package mutating func view(at now: Time) -> View {
        var view = View()
        view.comparison = comparison
        view.transport = transport(at: now)
        return view
    }

    package mutating func perform(_ move: Move, at now: Time) {
        let runs = [left, right]
        let places = runs.flatMap { run in
            run.timeline.landmarks.map { landmark in
                var shared = landmark
                (shared.time, shared.index) = (landmark.time + run.offset, 0)
                return shared
            }
        }
        playhead.perform(move, at: now, on: &track, landmarks: places.sorted { $0.time < $1.time })
    }

    /// The picture of both at the view's moment.
    package mutating func frame(_ view: View, at now: Time, size: Size, isUTF8: Bool) -> Frame {
        let time = view.transport?.position ?? .zero
        return Painter.frame(
            left: left.part(at: time, on: now), right: right.part(at: time, on: now), view: view, size: size,
            capabilities: Capabilities(isUTF8: isUTF8))
    }

    /// Where the playhead stands, for the timeline and for the keys.
    mutating func transport(at now: Time) -> Transport {
        let time = playhead.tick(at: now, on: &track).time
        var transport = Transport(
            .recording, position: time, end: track.end, motion: playhead.isPlaying ? .playing : .still, event: 0,
            events: 0, isOver: true)
        (transport.zero, transport.speed) = (signal, playhead.speed.description)
        for run in [left, right] {
            for landmark in run.timeline.landmarks {
                switch landmark.kind {
                case .phase: transport.phases.append(landmark.time + run.offset)
                case .signal: transport.signals.append(landmark.time + run.offset)
                }
            }
        }
        return transport
    }
}

/// What the one playhead has to know of both: how long they take together; events are for each run to count.
private struct SharedTrack: Track {
    let end: Time
    var count: Int { 0 }
    var isOpen: Bool { false }
    var gaps: [Gap] { [] }

    func present(at now: Time) -> Time? { nil }
    func count(at time: Time) -> Int { 0 }
    func time(after count: Int) -> Time { count > 0 ? end : .zero }
}
