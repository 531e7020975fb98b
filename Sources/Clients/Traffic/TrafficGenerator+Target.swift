import Platform
import ShutdownTrace

/// Work for a server of which nothing is known but one URL.
extension TrafficGenerator {
    /// Asks for the target once, to see its status and how long a body without a marked end is.
    func check(_ target: Target) async {
        let end = reporter.clock.now + workload.warmUp
        var outcome = await exchange(target.request(patience: workload.patience), kind: .probe)
        // A server that is ready may still wait for what stands behind it.
        while let status = outcome.status, Dialer.Question.target(target).isTooEarly(status), stage.signal == .none,
            !isOver,
            reporter.clock.now < end, await pause(.milliseconds(100))
        {
            outcome = await exchange(target.request(patience: workload.patience), kind: .probe)
        }
        knowledge.checked(complaint: complaint(about: outcome, of: target))
    }

    /// What is wrong with the target once it was asked for, as a sentence; nil when work can be sent.
    package func complaintOnceChecked() async -> String? {
        await knowledge.targetChecked.wait()
        return knowledge.complaint
    }

    /// Why this machine could not make a client, once that is so; nil when the task is cancelled before.
    package func shortageOnceMet() async -> String? {
        await knowledge.shortageMet.wait()
        return knowledge.shortage
    }

    private func complaint(about outcome: Outcome, of target: Target) -> String? {
        // An answer may come between the signal and the report of it.
        let isServing = stage.signal == .none && !isOver
        let url = target.url
        if let status = outcome.status, isServing || status < 500, let complaint = target.complaint(status: status) {
            return complaint
        }
        // An answer of 200 with another body shows nothing of a shutdown: the expectation is wrong.
        let isMistaken = outcome.cause != nil && outcome.status ?? 500 < 400
        guard isServing || isMistaken else { return nil }
        if outcome.fate == .garbled { return "\(url) does not answer in HTTP/1. Give the URL of an HTTP/1 server." }
        return outcome.cause.map {
            "The answer of \(url) is not what --expect says: \($0). Give what a right answer has."
        }
    }

    /// Sends the next request as soon as the last is answered: one of the clients that keep the floor in flight.
    ///
    /// A server that answers at once gets the requests of all these clients at the same instants, so that there are
    /// moments at which so many are in flight.
    func keepBusy(_ target: Target) async {
        while !isOver, !Task.isCancelled, !isEnough {
            guard mayStart, !stage.isClosed else {
                if await pause(.milliseconds(100)) { continue } else { break }
            }
            let start = reporter.clock.now
            let outcome = await exchange(target.request(patience: workload.patience), kind: .slow, isFresh: false)
            let span = outcome.isConnectionKept ? Self.pace : Self.slowPace
            guard reporter.clock.now - start < span else { continue }
            guard await pause(until: Self.next(span, after: reporter.clock.now)) else { break }
        }
    }

    /// The shortest time between two requests: over one connection, and with a new connection for each.
    private static let pace = Time.milliseconds(25), slowPace = Time.milliseconds(100)

    private static func next(_ span: Time, after now: Time) -> Time {
        Time(microseconds: (now.microseconds / span.microseconds + 1) * span.microseconds)
    }

    /// Opens connections at an even pace, each for one request, whatever becomes of them.
    func keepConnecting(_ target: Target) async {
        let schedule = NewcomerSchedule(start: reporter.clock.now, rate: Int64(workload.fresh))
        admission.schedule = schedule
        await withDiscardingTaskGroup { group in
            for number in Int64(0)... {
                guard await pause(until: schedule.arrival(number)), !stage.isClosed, !isOver else { break }
                guard !admission.isCrowded else { continue }
                if mayStart { group.addTask { await self.connectOnce(target) } } else { divert() }
            }
        }
    }

    private func connectOnce(_ target: Target) async {
        admission.enter(.newcomer)
        await exchange(target.request(patience: workload.patience), kind: .new)
        admission.leave(.newcomer)
    }

    /// Sends two requests in one write, waits for both answers, and does it again.
    func keepPipelining() async {
        await keep(.pipelined, every: .milliseconds(50)) {
            let outcomes = await pipeline(workload.twice)
            if let bad = outcomes.first(where: { !$0.fate.isWhole }) {
                skip(.pipelined, because: "of two requests in one write, one was \(bad.fate.words)")
            } else {
                knowledge.succeeded.insert(.pipelined)
            }
        }
    }

    /// Uploads slowly, over and over: a payment of the demo, or what the target takes.
    func keepUploading(_ index: Int) async {
        var order = Self.firstUpload * (index + 1)
        let span = workload.uploadSeconds
        await keep(.upload, every: .milliseconds(200)) {
            guard let target = workload.target else {
                order += 1
                return await payByUpload(order)
            }
            let request = target.upload(over: .seconds(span), patience: workload.patience + .seconds(span))
            let outcome = await exchange(request, kind: .upload, expected: span)
            if !outcome.fate.isWhole || outcome.status ?? 0 >= 400 {
                let answer = outcome.status.map { "answered \($0)" } ?? outcome.fate.words
                skip(.upload, because: "\(request.method) was \(answer)")
            }
        }
    }

    /// The first order of an upload, above any number that other payments use.
    private static let firstUpload = 1_000_000
}
