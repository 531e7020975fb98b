internal import ShutdownTrace

/// What of an event goes into the feed.
extension Board {
    /// Adds an event to the feed if it is more than noise: the board shows the others as numbers.
    ///
    /// The methods here are mutating because a method of a board that only looks copies all of it, for every event.
    mutating func tell(_ payload: Payload, _ event: Event) {
        guard let (news, weight) = told(payload, event) else { return }
        guard event.instance == 1 || payload.isNewsOfAnother(event) else { return }
        feed.append(Feed.Line(event, news, weight))
    }

    private mutating func told(_ payload: Payload, _ event: Event) -> (News, Telling.Weight)? {
        let news = news(payload, event)
        let weight = news?.telling?.weight
        guard let line = event.importedLine, !line.isEmpty else {
            return news.flatMap { news in weight.map { (news, $0) } }
        }
        guard event.kind == .logLine else { return (.logged(line), weight ?? .normal) }
        return (.logged(line), event.level == .error || event.level == .critical ? .risk : .quiet)
    }

    private mutating func news(_ payload: Payload, _ event: Event) -> News? {
        switch payload {
        case .request(.finished): return endedRequest()
        case .webSocket(.closed(let closed)):
            // What the server says of it is no news: its client knows how it ended.
            guard event.source != .server, signals.stop != nil else { return nil }
            guard closed.isClean else {
                var closed = closed
                if remains.wereEnded { closed.end = .open }
                return .event(.webSocket(.closed(closed)))
            }
            // One line for all of them: a thousand goodbyes would push everything else out of sight.
            guard websockets.open.isEmpty else { return nil }
            return .webSocketsClosed(websockets.closedClean, codes: websockets.codes.keys.sorted())
        case .signal(.sent(let sent)):
            var sent = sent
            sent.pid = sent.pid ?? process.pid
            return .event(.signal(.sent(sent)))
        case .resource(let told):
            guard case .released = told.step, resources[told.name].map({ $0.releases > 1 }) == true else { break }
            return .releasedAgain(told.name)
        case .process(.serving) where isUnasked: return .runs
        case .observation(.memberGone(let pid, let status)):
            return signals.stop == nil ? nil : .memberGone(pid: pid, command: family.members[pid]?.command, status)
        case .observation(.listenerSeen) where !isUnasked: return nil
        case .observation(.listenerGone) where signals.stop == nil || isTraced: return nil
        case .shutdown(.began(let cause, _, _)) where shutdown.repeats.last?.at == event.time:
            return .cleanUpBeganAgain(cause)
        case .connection(.listenerClosed): return .listenerClosed(isQueueEmpty: listener.drained == 0)
        case .connection(.closed) where event.source != .server: return nil
        case .ledger(.rolledBack) where signals.stop == nil: return nil
        case .deploy(.began) where process.isGone: return .restarts
        case .deploy(.ended):
            return deploy.map { .deployEnded(isRestart: $0.isRestart, failed: $0.failed, of: $0.total) }
        case .unknown: return .unknown(event.name)
        default: break
        }
        return payload.telling == nil ? nil : .event(payload)
    }

    /// Before a signal only losses are news; after it, so is everything that was in flight.
    private mutating func endedRequest() -> News? {
        let isStopping = signals.stop != nil || shutdown.drainBeganAt != nil
        guard let lane = requests.recent.last, let end = lane.end else { return nil }
        let isNews = isStopping && (lane.wasInFlightAtSignal || shutdown.drainBeganAt != nil)
        guard end.fate != .answered || isNews else { return nil }
        return .ended(
            .init(
                id: lane.id, method: lane.method, path: lane.path, fate: end.fate, status: lane.status,
                took: end.at - lane.startedAt))
    }
}
