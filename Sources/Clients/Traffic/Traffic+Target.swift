import NIOCore
import Platform
import ShutdownTrace

/// Work for a server of which nothing is known but one URL.
extension Traffic {
    /// The first look: which status the target answers, and how long a body without a marked end is.
    ///
    /// What is wrong with asking for it is kept as ``complaint``.
    package func look(at target: Target) async {
        let outcome = await exchange(target.request(patience: workload.patience), kind: .probe)
        complaint = complaint(about: outcome, of: target)
        looked.fire()
    }

    /// What is wrong with the target once it was looked at, as a sentence; nil when work can be sent.
    package func complaintOnceLooked() async -> String? {
        await looked.wait()
        return complaint
    }

    private func complaint(about outcome: Outcome, of target: Target) -> String? {
        let (isUnmoved, url) = (!isSignalled && !isOver, target.url)
        if let status = outcome.status, isUnmoved || status < 500, let complaint = target.complaint(status: status) {
            return complaint
        }
        // An answer of 200 with another body says nothing of a shutdown: it is the wish that is wrong.
        let isMistaken = outcome.cause != nil && outcome.status ?? 500 < 400
        guard isUnmoved || isMistaken else { return nil }
        if outcome.fate == .garbled { return "\(url) does not answer in HTTP/1. Give the URL of an HTTP/1 server." }
        return outcome.cause.map {
            "The answer of \(url) is not what --expect says: \($0). Give what a right answer has."
        }
    }

    /// Returns when the signal can be sent: see ``ScheduledSignal/Condition/underWay(_:)``.
    package func waitUntilUnderWay() async {
        await entered.wait(atMost: Self.longestEntry, reporter.clock)
        let start = reporter.clock.now
        guard await pause(Self.settling) else { return }
        let isSlow = !looked.hasFired
        while !isOver, !isUnderWay(isSlow: isSlow), reporter.clock.now - start < Self.mostSettling {
            guard await pause(.milliseconds(10)) else { return }
        }
    }

    /// How long traffic goes on before the signal at least, and at most.
    private static let settling = Time.milliseconds(500), mostSettling = Time.milliseconds(1_500)
    /// Whoever is never ready gets no traffic, and then the signal all the same.
    private static let longestEntry = Time.seconds(10)

    private func isUnderWay(isSlow: Bool) -> Bool {
        let kinds = [
            (ClientKind.idle, workload.idleConnections), (.upload, isSlow ? 0 : workload.slowUploads),
            (.pipelined, isSlow ? 0 : workload.pipelined),
        ]
        return kinds.allSatisfy { kind, count in count == 0 || succeeded.contains(kind) || skipped.contains(kind) }
    }

    /// Sends the next request as soon as the last is answered; one of the clients that keep the floor in flight.
    ///
    /// A server that answers faster than this client wants to ask gets the requests of all of them at the same instants,
    /// so that there are moments at which so many are in flight.
    func keepBusy(_ target: Target) async {
        while !isOver, !Task.isCancelled, !isEnough {
            guard mayStart, !isClosed else {
                if await pause(.milliseconds(100)) { continue } else { break }
            }
            let start = reporter.clock.now
            let outcome = await exchange(target.request(patience: workload.patience), kind: .slow, isFresh: false)
            let span = !outcome.fate.isWhole || outcome.isClosing ? Self.slowPace : Self.pace
            guard reporter.clock.now - start < span else { continue }
            guard await pause(until: Self.next(span, after: reporter.clock.now)) else { break }
        }
    }

    /// Between two requests at least: with a connection that is there, and with a new one for each.
    private static let pace = Time.milliseconds(25), slowPace = Time.milliseconds(100)

    /// The next of the instants that all clients share.
    private static func next(_ span: Time, after now: Time) -> Time {
        Time(microseconds: (now.microseconds / span.microseconds + 1) * span.microseconds)
    }

    /// Opens connections at an even pace, each for one request, whatever becomes of them.
    func keepConnecting(_ target: Target) async {
        let start = reporter.clock.now
        newcomersSince = start
        await withDiscardingTaskGroup { group in
            for tick in Int64(0)... {
                let moment = start + Time(microseconds: (tick * 2 + 1) * 500_000 / Int64(workload.fresh))
                guard await pause(until: moment), !isClosed, !isOver else { break }
                // A server that accepts and never answers collects them; it has enough at some time.
                guard freshOpen < Self.mostFresh else { continue }
                if mayStart { group.addTask { await self.connectOnce(target) } } else { divert() }
            }
        }
    }

    private static let mostFresh = 1_000

    /// Waits for a moment at which no newcomer is about to knock or has just knocked, for 50 ms at most.
    ///
    /// Who stands in the accept queue at the signal is lost or not as chance has it, and a verdict that hangs on it
    /// would be another in each run.
    func keepClearOfNewcomers() async {
        guard let since = newcomersSince, workload.fresh > 0 else { return }
        let wait = Self.clearance(at: reporter.clock.now - since, every: 1_000_000 / Int64(workload.fresh))
        if wait > .zero { _ = await pause(wait) }
    }

    /// How long until a newcomer is far enough away, where one comes in the middle of each period.
    ///
    /// - Parameters:
    ///   - now: Since the first period began.
    ///   - period: In microseconds.
    /// - Returns: Zero where none is near.
    static func clearance(at now: Time, every period: Int64) -> Time {
        let margin = min(period / 4, 25_000)
        let (early, late) = (period / 2 - margin, period / 2 + margin)
        let phase = now.microseconds % period
        return (early..<late).contains(phase) ? Time(microseconds: late - phase) : .zero
    }

    private func connectOnce(_ target: Target) async {
        freshOpen += 1
        await exchange(target.request(patience: workload.patience), kind: .new)
        freshOpen -= 1
    }

    /// Sends two requests in one write, waits for both answers, and does it again.
    func keepPipelining() async {
        await keep(.pipelined, every: .milliseconds(50)) {
            let outcomes = await pipeline(workload.twice)
            if outcomes.allSatisfy(\.fate.isWhole) { succeeded.insert(.pipelined) }
            if let bad = outcomes.first(where: { !$0.fate.isWhole }) {
                skip(.pipelined, because: "of two requests in one write, one was \(bad.fate.words)")
            }
        }
    }

    /// Uploads slowly, over and over: a payment of the demo, or what the target takes.
    func keepUploading(_ index: Int) async {
        var order = Self.firstUpload * (index + 1)
        await keep(.upload, every: .milliseconds(200)) {
            guard let target = workload.target else {
                order += 1
                return await payByUpload(order)
            }
            let request = target.upload(
                over: .seconds(workload.uploadSeconds), patience: workload.patience + .seconds(workload.uploadSeconds))
            let outcome = await exchange(request, kind: .upload, expected: workload.uploadSeconds)
            if !outcome.fate.isWhole || outcome.status ?? 0 >= 400 {
                skip(
                    .upload,
                    because: "\(request.method) was \(outcome.status.map { "answered \($0)" } ?? outcome.fate.words)")
            }
        }
    }

    /// Far from the orders of the other payments.
    private static let firstUpload = 1_000_000
}
