import ShutdownTrace
import Testing

@testable import Monitoring

@Suite(.timeLimit(.minutes(3))) struct `What holds a server up` {
    private static func look(
        _ blockers: inout Blockers<String>, _ seen: [(key: UInt64, cause: String)]
    ) -> [String] {
        blockers.take(seen.map { .init(key: $0.key, state: $0.cause) }) {
            .init(name: "n\($0.key)", cause: .files, text: $0.state)
        }.map { event in
            switch event {
            case .blockerSeen(let blocker): "blocker.seen \(blocker.name) \(blocker.text)"
            case .blockerGone(let name): "blocker.gone \(name) "
            default: "\(event)"
            }
        }
    }

    @Test func `is told when two looks in a row saw it, and once when it is gone`() {
        var blockers = Blockers<String>(limit: 4)
        #expect(Self.look(&blockers, [(1, "quiet")]) == [])
        #expect(Self.look(&blockers, [(1, "quiet")]) == ["blocker.seen n1 quiet"])
        #expect(Self.look(&blockers, [(1, "quiet")]) == [])
        #expect(Self.look(&blockers, []) == ["blocker.gone n1 "])
        #expect(Self.look(&blockers, []) == [])
    }

    @Test func `is not told when it comes and goes between two looks`() {
        var blockers = Blockers<String>(limit: 4)
        for key in 1...9 as ClosedRange<UInt64> { #expect(Self.look(&blockers, [(key, "quiet")]) == []) }
    }

    @Test func `is told again when its cause changes for longer than a look`() {
        var blockers = Blockers<String>(limit: 4)
        _ = Self.look(&blockers, [(1, "quiet")])
        _ = Self.look(&blockers, [(1, "quiet")])
        #expect(Self.look(&blockers, [(1, "unread")]) == [])
        #expect(Self.look(&blockers, [(1, "quiet")]) == [])
        #expect(Self.look(&blockers, [(1, "unsent")]) == [])
        #expect(Self.look(&blockers, [(1, "unsent")]) == ["blocker.seen n1 unsent"])
    }

    @Test func `is named up to a limit, and the next when there is room`() {
        var blockers = Blockers<String>(limit: 2)
        let three = [(1, "a"), (2, "a"), (3, "a")] as [(key: UInt64, cause: String)]
        _ = Self.look(&blockers, three)
        #expect(Self.look(&blockers, three) == ["blocker.seen n1 a", "blocker.seen n2 a"])
        #expect(Self.look(&blockers, Array(three.dropFirst())) == ["blocker.gone n1 ", "blocker.seen n3 a"])
    }

    @Test func `is work that is under way before connections that are quiet`() {
        var blockers = Blockers<BlockerCause.Connection>(limit: 1)
        let quiet = Sockets.Connection(cookie: 1, peer: 1_001, cause: .quiet, unread: 0, unsent: 0)
        let slow = Sockets.Connection(cookie: 2, peer: 1_002, cause: .unsent, unread: 0, unsent: 7)
        let crowd = Array(repeating: quiet, count: 5_000) + [slow]
        #expect(blockers.take(crowd).isEmpty)
        let events = blockers.take(crowd)
        guard case .blockerSeen(let blocker)? = events.first else { return #expect(Bool(false), "\(events)") }
        #expect(events.count == 1)
        #expect(blocker.port == 1_002)
        #expect(blocker.count == 7)
        #expect(blocker.cause == .connection(.unsent))
        #expect(blocker.text.contains("7 bytes"))
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The schedule of a monitor` {
    private static func times(until end: Time, _ schedule: inout PollSchedule, cost: Time = .zero, isListening: Bool)
        -> [Int]
    {
        var counts = [0, 0, 0]
        var now = schedule.next
        while now < end {
            if let depth = schedule.due(at: now) {
                counts[depth.rawValue] += 1
                schedule.did(depth, at: now, cost: cost, isListening: isListening)
            }
            now = schedule.next
        }
        return counts
    }

    @Test func `is one look a second while the server serves`() {
        var schedule = PollSchedule(.zero)
        #expect(Self.times(until: .seconds(10), &schedule, isListening: true).reduce(0, +) == 10)
    }

    @Test func `is often from the signal on, the cheap look most`() {
        var schedule = PollSchedule(.zero)
        _ = Self.times(until: .seconds(2), &schedule, isListening: true)
        schedule.hurry(at: .seconds(2), stops: true)
        #expect(schedule.next == .seconds(2))
        #expect(Self.times(until: .seconds(3), &schedule, isListening: true) == [40, 8, 2])
        #expect(schedule.isStopping)
        #expect(Self.times(until: .seconds(4), &schedule, isListening: false) == [0, 8, 2])
    }

    @Test func `slows down again after a signal that does not ask the server to stop`() {
        var schedule = PollSchedule(.zero)
        schedule.hurry(at: .zero, stops: false)
        _ = Self.times(until: .seconds(5), &schedule, isListening: true)
        #expect(Self.times(until: .seconds(15), &schedule, isListening: true).reduce(0, +) <= 11)
        #expect(!schedule.isStopping)
    }

    @Test func `never takes more than a fiftieth of a processor`() {
        var schedule = PollSchedule(.zero)
        schedule.hurry(at: .zero, stops: true)
        let looks = Self.times(until: .seconds(10), &schedule, cost: .milliseconds(10), isListening: true)
        #expect(looks.reduce(0, +) <= 40)
        #expect(looks[1] + looks[2] <= 20)
        #expect(looks[1] + looks[2] > 10)
        // Not even for a member that has ended.
        schedule.did(.work, at: .seconds(20), cost: .milliseconds(10), isListening: true)
        schedule.memberEnded()
        #expect(schedule.due(at: .seconds(20.49)) == .listener)
        #expect(schedule.due(at: .seconds(20.5)) == .all)
    }

    @Test func `looks at once when a member has ended`() {
        var schedule = PollSchedule(.zero)
        _ = Self.times(until: .seconds(5), &schedule, isListening: true)
        schedule.memberEnded()
        #expect(schedule.due(at: .seconds(4.1)) == .work)
    }
}
