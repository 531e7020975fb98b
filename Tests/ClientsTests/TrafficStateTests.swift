import NIOCore
import ShutdownTrace
import Testing

@testable import Clients
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `The stage of the traffic` {
    @Test func `only goes forward`() {
        var stage = TrafficStage()
        #expect(stage.advance(to: .imminent) == true)
        #expect(stage.advance(to: .sent) == true)
        #expect(stage.advance(to: .imminent) == false)
        #expect(stage.advance(to: .sent) == false)
        #expect(stage.isSignalled)
        #expect(!stage.isClosed)
        stage.advance(to: .serverGone)
        stage.advance(to: .closed)
        #expect(stage.isOver)
    }

    @Test func `is closed when the server is gone`() {
        var stage = TrafficStage()
        stage.advance(to: .closed)
        #expect(stage.isClosed && !stage.isOver)
        stage.advance(to: .serverGone)
        #expect(stage.isClosed && stage.isOver)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The gate of the balancer` {
    @Test func `keeps that the server was in rotation once`() {
        var gate = RotationGate()
        gate.set(open: false)
        #expect(!gate.entered.hasFired)
        gate.set(open: true)
        gate.set(open: false)
        #expect(!gate.isOpen && gate.entered.hasFired)
    }

    @Test func `reports every client that went elsewhere, at most twice a second`() {
        var gate = RotationGate()
        #expect(gate.takeDiverted(at: .seconds(1)) == nil)
        let reports = (0..<40).compactMap { gate.divert(at: .seconds(1) + .milliseconds(Int64($0) * 50)) }
        #expect(reports == [1, 10, 10, 10])
        #expect(gate.takeDiverted(at: .seconds(3)) == 9)
        #expect(gate.takeDiverted(at: .seconds(4)) == nil)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The race of idle connections` {
    private func offsets(seed: UInt64, isAnnounced: Bool = true) -> [Int64] {
        var race = Race(seed: seed, window: .milliseconds(10))
        race.begin(around: .zero, isAnnounced: isAnnounced)
        return (0..<40).compactMap { race.start(of: $0)?.microseconds }
    }

    @Test func `runs at the same instants for the same seed, on both sides of the signal`() {
        let first = offsets(seed: 7)
        #expect(first.count == 40)
        #expect(offsets(seed: 7) == first)
        #expect(offsets(seed: 8) != first)
        #expect(first.contains { $0 < 0 } && first.contains { $0 > 0 })
        #expect(first.allSatisfy { abs($0) <= 10_000 })
        // No racer can run ahead of a signal that was not announced.
        #expect(offsets(seed: 7, isAnnounced: false).allSatisfy { $0 >= 0 })
    }

    @Test func `has one signal, the first`() {
        var race = Race(seed: 7, window: .zero)
        #expect(race.start(of: 0) == nil)
        race.begin(around: .seconds(3), isAnnounced: true)
        race.begin(around: .seconds(4), isAnnounced: false)
        #expect(race.start(of: 0) == .seconds(3))
    }

    @Test func `wakes racers that wait, and lets none wait that come later`() {
        var race = Race(seed: 7, window: .zero)
        let events = [race.join(0), race.join(1)]
        race.leave(0)
        race.begin(around: .zero, isAnnounced: false)
        #expect(events.map(\.hasFired) == [false, true])
        let late = race.join(2)
        #expect(late.hasFired)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The connections of the clients` {
    private func connection() -> Exchange { Exchange(host: "") }

    @Test func `are in use or idle, never both`() {
        var pool = ConnectionPool()
        let one = connection()
        _ = pool.use(one)
        pool.giveBack(one, .fast, at: .zero)
        #expect(pool.idleCount(.fast) == 0)
        pool.release(one)
        pool.giveBack(one, .fast, at: .zero)
        #expect(pool.idleCount(.fast) == 1)
        #expect(pool.take(.fast, at: .zero) === one)
        #expect(pool.take(.fast, at: .zero) == nil)
    }

    @Test func `are lent by kind, the one that was used last first`() {
        var pool = ConnectionPool()
        let connections = [connection(), connection()]
        for one in connections { pool.giveBack(one, .fast, at: .zero) }
        #expect(pool.take(.slow, at: .zero) == nil)
        #expect(pool.take(.fast, at: .zero) === connections[1])
    }

    @Test func `are closed when they were idle for long or are too many`() {
        var pool = ConnectionPool()
        let connections = (0..<9).map { _ in connection() }
        for one in connections { pool.giveBack(one, .fast, at: .zero) }
        #expect(pool.idleCount(.fast) == ConnectionPool.mostIdle)
        #expect(connections.map(\.isUsable) == [false] + Array(repeating: true, count: 8))
        #expect(pool.take(.fast, at: ConnectionPool.longestIdle) == nil)
        #expect(connections.allSatisfy { !$0.isUsable })
    }

    @Test func `are kept no more once the pool is closed`() {
        var pool = ConnectionPool()
        let connections = [connection(), connection()]
        pool.giveBack(connections[0], .fast, at: .zero)
        pool.close()
        pool.giveBack(connections[1], .fast, at: .zero)
        #expect(connections.allSatisfy { !$0.isUsable })
        #expect(pool.idleCount(.fast) == 0)
    }

    @Test func `are watched by one timer while some are in use`() {
        var pool = ConnectionPool()
        let one = connection()
        #expect(pool.use(one) == true)
        #expect(pool.use(connection()) == false)
        #expect(pool.giveUp(after: .now()) == true)
        pool.release(one)
        #expect(pool.giveUp(after: .now()) == true)
        var idle = ConnectionPool()
        _ = idle.use(one)
        idle.release(one)
        #expect(idle.use(one) == false)
        idle.release(one)
        #expect(idle.giveUp(after: .now()) == false)
        #expect(idle.use(one) == true)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The book of payments` {
    @Test func `has one request in flight for an order, and the last of them`() {
        var book = PaymentBook()
        book.begin(4, request: 11)
        #expect(book.isInFlight(4) && !book.isInFlight(5))
        #expect(book.entries[4] == .init(.unknown, request: 11))
        book.end(4)
        #expect(!book.isInFlight(4))
        book.begin(4, request: 12)
        book.end(4)
        #expect(book.settle(4, .paid) == 12)
        #expect(book.entries == [4: .init(.paid, request: 12)])
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The admission of clients` {
    @Test func `counts each client once on the way, and none at the end`() {
        var admission = Admission()
        admission.enter(.admitted)
        #expect(!admission.isEveryoneConnected)
        admission.leave(.admitted)
        admission.enter(.visiting)
        #expect(admission.isEveryoneConnected && admission[.visiting] == 1)
        admission.enter(.connecting)
        #expect(!admission.isEveryoneConnected)
        admission.leave(.connecting)
        admission.leave(.visiting)
        #expect(admission == Admission())
    }

    @Test func `takes no more newcomers than a server can be expected to collect`() {
        var admission = Admission()
        for _ in 1..<Admission.mostNewcomers { admission.enter(.newcomer) }
        #expect(!admission.isCrowded)
        admission.enter(.newcomer)
        #expect(admission.isCrowded)
        admission.leave(.newcomer)
        #expect(!admission.isCrowded)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The requests in flight` {
    @Test func `are those that have begun and not ended, connecting or sent`() {
        var requests = RequestsInFlight()
        let ids = (0..<3).map { _ in requests.newID() }
        #expect(ids == [1, 2, 3])
        for id in ids { requests.begin(id) }
        requests.sent(1)
        requests.sent(1)
        requests.place(2, on: 4_000)
        #expect(requests.count == 3 && requests.sentCount == 1)
        #expect(requests.ports.map(\.id) == [2])
        for id in ids + [1] { requests.end(id) }
        requests.sent(1)
        #expect(requests.count == 0 && requests.sentCount == 0)
        #expect(requests.ports.isEmpty)
    }

    @Test func `tell when so many are sent at once`() {
        var requests = RequestsInFlight()
        let events = [requests.reach(0), requests.reach(2), requests.reach(3)]
        for id in 1...3 { requests.begin(id) }
        requests.sent(1)
        requests.end(1)
        requests.sent(2)
        #expect(events.map(\.hasFired) == [true, false, false])
        requests.sent(3)
        #expect(events.map(\.hasFired) == [true, true, false])
        let late = requests.reach(2)
        #expect(late.hasFired)
        requests.releaseWaiters()
        #expect(events[2].hasFired)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `What is held and known` {
    @Test func `makes late writers write once, when the server drains`() {
        var held = HeldConnections()
        held.add(3, lateWriter: Exchange(host: ""))
        held.add(1, lateWriter: Exchange(host: ""))
        held.add(2, HeldConnection())
        #expect(held.beginDraining() == [1, 3])
        #expect(held.isDraining)
        #expect(held.beginDraining() == [])
        held.remove(1)
        #expect(held.lateWriter(1) == nil && held.lateWriter(3) != nil)
    }

    @Test func `is news the first time only`() {
        var knowledge = ServerKnowledge()
        #expect(knowledge.skip(.idle) == true)
        #expect(knowledge.skip(.idle) == false)
        #expect(!knowledge.targetChecked.hasFired)
        knowledge.checked(complaint: "no")
        #expect(knowledge.targetChecked.hasFired && knowledge.complaint == "no")
    }

    @Test func `comes in the middle of each period`() {
        let schedule = NewcomerSchedule(start: .seconds(1), rate: 10)
        #expect((0..<3).map { schedule.arrival($0) } == [.seconds(1.05), .seconds(1.15), .seconds(1.25)])
        #expect(schedule.clearance(at: schedule.arrival(7)) == .milliseconds(25))
    }
}
