import Platform
package import ShutdownTrace

/// Idle connections that are used once more close to the signal, when the server may be closing them.
///
/// HTTP/1.1 has no way to agree on the end of an idle connection: the server's FIN and the client's request can cross.
extension Traffic {
    /// Holds one such connection until the signal comes, and races it once.
    func keepReadyToRace(_ index: Int) async {
        while race == nil, !isOver, !Task.isCancelled {
            if mayStart, let exchange = try? await connect().exchange { await getReady(exchange, index) }
            guard await pause(.seconds(1)) else { break }
        }
    }

    private func getReady(_ exchange: Exchange, _ index: Int) async {
        let connection = opened(.racer, port: exchange.port)
        var end: ConnectionEnd?
        let woken = OneShotEvent()
        racers[index] = woken
        if race != nil || isOver { woken.fire() }
        exchange.whenClosedIdle = { seen in
            end = seen
            woken.fire()
        }
        // One request before makes it an idle connection in the server's eyes too.
        let first = await self.exchange(workload.usual, kind: .racer, over: exchange)
        if first.fate.isWhole {
            await woken.wait()
            // A careful client looks whether its connection is still there before it uses it again.
            if let start = start(of: index), await pause(until: start), exchange.isUsable {
                let outcome = await self.exchange(workload.usual, kind: .racer, over: exchange)
                if outcome.isClosing { end = .fin }
                if !outcome.fate.isWhole { end = outcome.fate == .closedUnanswered ? .fin : .reset }
            }
        }
        racers[index] = nil
        exchange.whenClosedIdle = nil
        exchange.close()
        tellClosed(connection, end: end ?? .client)
    }

    /// The same for the same seed, evenly spread over the window; after the signal when nobody knew of it before.
    package func start(of index: Int) -> Time? {
        guard let race else { return nil }
        var random = SplitMix(seed: seed ^ (0x5241_4345 &* UInt64(index + 1)))
        let offset = 2 * random.unit() - 1
        let share = isRacePlanned ? offset : abs(offset)
        return race + Time(microseconds: Int64(share * Double(workload.racerWindow.microseconds)))
    }

    /// Returns at the instant at which the signal has to be sent, so that the racers can run before it too.
    package func approachSignal() async {
        if !isSignalled { await keepClearOfNewcomers() }
        isAboutToBeSignalled = true
        guard workload.racers > 0, race == nil, !isSignalled else { return }
        let instant = reporter.clock.now + workload.racerWindow
        isRacePlanned = true
        beginRace(at: instant)
        _ = await pause(until: instant)
    }

    /// The first signal that asks the server to stop was sent.
    package func signalled(at time: Time) {
        guard !isSignalled else { return }
        isSignalled = true
        for (id, port) in rides.sorted(by: { $0.key < $1.key }) { tellRide(id, port) }
        beginRace(at: time)
        tellDoubt()
        if let path = workload.farewell { Task { await say(farewell: path) } }
    }

    /// Says so where a wrong body could not be told by its length.
    private func tellDoubt() {
        guard let target = workload.target, target.expectation?.isText != true,
            let cause = answers.doubt(about: workload.usual)
        else { return }
        reporter.tell(.connection(.workSkipped(.bodies, cause: cause)), from: .client)
    }

    private func say(farewell path: String) async {
        await exchange(Request(method: "POST", path: path, patience: workload.patience), kind: .farewell)
    }

    private func beginRace(at instant: Time) {
        guard race == nil else { return }
        race = instant
        for event in racers.values { event.fire() }
    }
}
