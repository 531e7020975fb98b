import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Export

@Suite(.timeLimit(.minutes(20))) struct `A summary` {
    @Test func `notes each signal and each new phase`() {
        let names = Sample(end: .polite).summary.landmarks.map(\.name)
        #expect(
            names == [
                "SERVING", "SIGTERM", "SIGNALLED", "LEAVING ROTATION", "DRAINING", "RELEASING LOG", "EXITING", "GONE",
            ])
    }

    @Test func `finds the middle of the drain most telling`() {
        #expect(Sample(end: .polite).summary.tellingMoment == .seconds(6))
        #expect(Sample(end: .killed).summary.tellingMoment == .seconds(5.505))
    }

    @Test func `takes the end where nothing was asked to stop`() {
        let summary = Sample(end: .none).summary
        #expect(summary.tellingMoment == summary.board.time)
    }

    @Test(arguments: [10, 100, 900]) func `names moments in order, each once, and no more than asked for`(most: Int) {
        let summary = Sample(requests: 2_000).summary
        let moments = summary.moments(most: most)
        #expect(zip(moments, moments.dropFirst()).allSatisfy { $0 < $1 })
        #expect(moments.count <= most + 4)
        #expect(moments.first == .zero)
        #expect(moments.last == summary.board.time)
    }

    @Test func `survives a run that claims to last for ever`() {
        var sample = Sample()
        sample.events.append(Event(.runEnded, from: .supervisor, at: Time(microseconds: .max)))
        sample.events.append(Event(.runEnded, from: .supervisor, at: Time(microseconds: .min)))
        #expect(sample.summary.moments(most: 50).count <= 54)
        #expect(!Chart(sample.summary).svg.contains("nan"))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A film` {
    @Test func `shows at each moment the frame of what had happened by then`() {
        let sample = Sample(end: .polite)
        let film = sample.film()
        #expect(film.shots.count > 20)
        for shot in film.shots { #expect(shot.frame == sample.frame(at: shot.time)) }
    }

    @Test func `never repeats a frame`() {
        let shots = Sample().film().shots
        #expect(zip(shots, shots.dropFirst()).allSatisfy { $0.frame != $1.frame })
    }
}
