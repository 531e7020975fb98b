import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A landmark of a signal` {
    /// What one source tells may come after a later event of another.
    @Test func `stands at the moment of the signal, also where a later event came first`() {
        let serving = Run.serving()
        var board = Board()
        var recorder = LandmarkRecorder()
        let sent = serving.time + .milliseconds(1)
        let late = Event(.logWritten, from: .server, at: sent + .milliseconds(4), [.lines: 1])
        let signal = Event(.signalSent, from: .supervisor, at: sent, [.signal: 15, .pid: 1, .by: "user"])
        for event in serving.events + [late, signal] {
            board.apply(event)
            recorder.look(event, &board)
        }
        #expect(recorder.landmarks.last { $0.kind == .signal(.terminate) }?.time == sent)
    }
}
