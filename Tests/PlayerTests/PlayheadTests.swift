import CustomDump
import ShutdownTrace
import TestSupport
import Testing

@testable import Player
@testable import ShutdownBoard

/// A run of which only the times of its events matter.
struct Times: Track {
    var times: [Time]
    var isOpen = false
    var clock: Time?

    var count: Int { times.count }
    var end: Time { times.last ?? .zero }

    var gaps: [Gap] {
        zip([.zero] + times, times).filter { $1 - $0 >= Gap.shortest }.map { Gap(start: $0, end: $1) }
    }

    func present(at now: Time) -> Time? { isOpen ? clock.map { now - $0 } : nil }
    func count(at time: Time) -> Int { times.partitioningIndex { $0 > time } }
    func time(after count: Int) -> Time { count > 0 ? times[count - 1] : .zero }

    init(seed: UInt64) {
        var random = Seeded(seed)
        var time = Time.zero
        times = (0..<Int.random(in: 1...80, using: &random)).map { _ in
            time += Time(microseconds: random.pick([0, 1, 5_000, 400_000, 3_000_000, 20_000_000]))
            return time
        }
    }

    init(_ seconds: Double...) { times = seconds.map { .seconds($0) } }
}

extension Seeded {
    mutating func move() -> Move {
        pick([
            .toggle, .step(1), .step(-1), .step(7), .skip(.seconds(5)), .skip(.seconds(-5)), .leap(percent: 10),
            .leap(percent: -10), .percent(Int.random(in: 0...100, using: &self)), .start, .end, .faster, .slower,
            .normalSpeed, .toEvent(Int.random(in: -1...90, using: &self)), .to(.seconds(3)), .landmark(forward: true),
        ])
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A playhead` {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `is always on the run, and its count is what had happened`(seed: UInt64) {
        var random = Seeded(seed)
        var track = Times(seed: seed)
        var playhead = Playhead()
        var now = Time.seconds(1_000)
        for _ in 0..<200 {
            now += Time(microseconds: .random(in: 0...900_000, using: &random))
            playhead.perform(random.move(), at: now, on: &track)
            let place = playhead.tick(at: now, on: &track)
            #expect(place.time >= .zero && place.time <= track.end)
            #expect(place.count <= track.count(at: place.time))
            #expect(place.count == 0 || track.time(after: place.count) <= place.time)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `is back where it was after a step and a step back`(seed: UInt64) {
        var random = Seeded(seed)
        var track = Times(seed: seed)
        var playhead = Playhead()
        for _ in 0..<40 {
            playhead.perform(.toEvent(.random(in: 1..<max(2, track.count), using: &random)), at: .zero, on: &track)
            let place = playhead.tick(at: .zero, on: &track)
            guard place.count < track.count else { continue }
            playhead.perform(.step(1), at: .zero, on: &track)
            #expect(playhead.tick(at: .zero, on: &track).count == place.count + 1)
            playhead.perform(.step(-1), at: .zero, on: &track)
            #expect(playhead.tick(at: .zero, on: &track) == place)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `does not care how often somebody looks`(seed: UInt64) {
        var random = Seeded(seed)
        var (track, other) = (Times(seed: seed), Times(seed: seed))
        var (seldom, often) = (Playhead(), Playhead())
        var now = Time.zero
        for _ in 0..<30 {
            let move = random.move()
            seldom.perform(move, at: now, on: &track)
            often.perform(move, at: now, on: &other)
            for _ in 0..<9 {
                now += Time(microseconds: .random(in: 0...200_000, using: &random))
                _ = often.tick(at: now, on: &other)
            }
            #expect(seldom.tick(at: now, on: &track) == often.tick(at: now, on: &other))
        }
    }

    @Test(arguments: -4...6)
    func `plays the same run at every speed, only sooner or later`(exponent: Int) {
        var (track, other) = (Times(seed: 5), Times(seed: 5))
        var (slow, fast) = (Playhead(), Playhead())
        slow.perform(.toggle, at: .zero, on: &track)
        fast.setSpeed(Speed(exponent: exponent), at: .zero, on: &other)
        fast.perform(.toggle, at: .zero, on: &other)
        for step in 0..<200 {
            // 64 ms at 1× are a whole number of microseconds at every speed.
            let span = Time(microseconds: Int64(step) * 64_000)
            let sooner = Time(
                microseconds: exponent < 0 ? span.microseconds << -exponent : span.microseconds >> exponent)
            #expect(slow.tick(at: span, on: &track) == fast.tick(at: sooner, on: &other))
        }
    }

    @Test func `goes from a sixteenth to 64 times, by powers of two`() {
        var track = Times(1, 2)
        var playhead = Playhead()
        for _ in 0..<20 { playhead.perform(.slower, at: .zero, on: &track) }
        #expect(playhead.speed.description == "1/16×")
        for _ in 0..<20 { playhead.perform(.faster, at: .zero, on: &track) }
        #expect(playhead.speed.description == "64×")
        playhead.perform(.normalSpeed, at: .zero, on: &track)
        #expect(playhead.speed == Speed())
        #expect(
            [Speed(2), Speed(0.06), Speed(1_000), Speed(-1), Speed(.nan)] == [
                Speed(exponent: 1), Speed(exponent: -4), Speed(exponent: 6), nil, nil,
            ])
    }

    @Test func `cuts the middle from a long silence, and shows both its ends`() {
        var track = Times(1, 101, 102)
        var playhead = Playhead()
        playhead.setIdleLimit(.seconds(4), at: .zero, on: &track)
        playhead.perform(.toggle, at: .zero, on: &track)
        #expect(playhead.tick(at: .seconds(3), on: &track) == .init(time: .seconds(99), count: 1))
        #expect(playhead.tick(at: .seconds(2.9), on: &track) == .init(time: .seconds(2.9), count: 1))
        #expect(playhead.tick(at: .seconds(4.5), on: &track) == .init(time: .seconds(100.5), count: 1))
        #expect(playhead.tick(at: .seconds(5.25), on: &track) == .init(time: .seconds(101.25), count: 2))
        #expect(playhead.tick(at: .seconds(7), on: &track) == .init(time: .seconds(102), count: 3))
        #expect(playhead.motion == .still, "the end of a recorded run")
        playhead.setIdleLimit(nil, at: .zero, on: &track)
        playhead.perform(.toggle, at: .zero, on: &track)
        #expect(playhead.tick(at: .seconds(50), on: &track) == .init(time: .seconds(50), count: 1))
    }

    @Test func `stands still when it is moved from the end of a live run, until it is pinned again`() {
        var track = Times(1, 2, 3)
        (track.isOpen, track.clock) = (true, .seconds(100))
        var playhead = Playhead(pinned: true)
        #expect(playhead.tick(at: .seconds(105), on: &track) == .init(time: .seconds(5), count: 3))
        playhead.perform(.step(-1), at: .seconds(105), on: &track)
        track.times.append(.seconds(6))
        #expect(playhead.tick(at: .seconds(107), on: &track) == .init(time: .seconds(2), count: 2))
        playhead.perform(.end, at: .seconds(107), on: &track)
        #expect(playhead.tick(at: .seconds(108), on: &track) == .init(time: .seconds(8), count: 4))
        playhead.perform(.skip(.seconds(-5)), at: .seconds(108), on: &track)
        #expect(playhead.motion == .still)
        playhead.perform(.faster, at: .seconds(108), on: &track)
        playhead.perform(.toggle, at: .seconds(108), on: &track)
        #expect(playhead.tick(at: .seconds(109), on: &track).time == .seconds(5))
        #expect(playhead.isPlaying)
        #expect(playhead.tick(at: .seconds(111), on: &track).count == 4)
        #expect(playhead.isPinned, "it caught up")
        track.isOpen = false
        #expect(playhead.tick(at: .seconds(112), on: &track).time == .seconds(6))
        #expect(playhead.motion == .still, "the run is over")
    }

    @Test func `jumps between landmarks, and over the one that it has just passed while playing`() {
        var track = Times(1, 2, 3, 4)
        let landmarks = [2, 4].map { Landmark(kind: .signal(.terminate), index: $0, time: .seconds(Double($0))) }
        var playhead = Playhead()
        func jump(_ forward: Bool, at now: Time = .zero) -> Int {
            playhead.perform(.landmark(forward: forward), at: now, on: &track, landmarks: landmarks)
            return playhead.tick(at: now, on: &track).count
        }
        #expect([jump(true), jump(true), jump(true)] == [2, 4, 4])
        #expect([jump(false), jump(false)] == [2, 2])
        playhead.perform(.percent(75), at: .zero, on: &track)
        playhead.perform(.toggle, at: .zero, on: &track)
        #expect(jump(false, at: .zero) == 3, "within a second of nothing: 2 is a second away")
        #expect(jump(false, at: .seconds(0.5)) == 2)
    }
}
