internal import ShutdownTrace

/// The rules about what the clients got, and the jobs.
extension Judge {
    var readinessFirst: Finding {
        guard board.rotation.enteredAt != nil else { return .unknown(unwatched) }
        guard let closed = board.listener.closedAt ?? board.process.exit?.at else {
            return .unknown("the listener never closed")
        }
        let what = board.listener.closedAt == nil ? "at the exit" : "when the listener closed"
        guard !board.rotation.isIn, let left = board.rotation.leftAt, left <= closed else {
            return .failed("still in rotation \(what)")
        }
        // Probes that time out take a server out of rotation too, a frozen one for example.
        if board.isTraced, board.rotation.readinessLoweredAt == nil {
            // A server may tell of its services and nothing of its readiness.
            guard board.rotation.readinessRaisedAt != nil else {
                return .unknown("the server tells nothing of its readiness")
            }
            return .failed("readiness never failed, only the probes did")
        }
        let noticed = "noticed \((closed - left).words) ahead"
        guard let lowered = board.rotation.readinessLoweredAt, lowered <= left else { return .held(noticed) }
        return .held("\((closed - lowered).words) ahead, \(noticed)")
    }

    /// Why nobody knows what a balancer would have noticed, and how to see it.
    private var unwatched: String { "no balancer watched" + (board.isTraced ? "" : "; --ready shows it") }

    var inFlightAnswered: Finding {
        guard board.stopSignal != nil else { return .inapplicable("no signal was sent") }
        guard owed > 0 else { return .unknown("nothing was in flight") }
        let text =
            "\(wholeAtSignal.grouped) of \(owed.grouped)"
            + (board.requests.untaken > 0 ? ", \(board.requests.untaken.grouped) not sent or not taken" : "")
            + (board.requests.fatesAtSignal[.unavailable].map { ", \($0.grouped) of them with 503" } ?? "")
            + (atTheDoorBefore > 0 ? ", \(atTheDoorBefore.grouped) at the door when it closed" : "")
        let open = board.requests.inFlight.values.count { $0.wasInFlightAtSignal }
        if open > 0, !board.process.isRunOver, wholeAtSignal + open == owed {
            return .unknown("\(text), \(open) still in flight")
        }
        let givenUp = board.requests.givenUp
        if givenUp > 0, wholeAtSignal + givenUp == owed {
            return .unknown("\(text), \(givenUp.grouped) still waited for when the run ended")
        }
        return .judged(wholeAtSignal == owed, text)
    }

    var noServerErrors: Finding {
        guard board.stopSignal != nil else { return .inapplicable("no signal was sent") }
        let failed = (board.requests.fatesAtSignal[.failed] ?? 0) + (board.traffic.fatesAfterSignal[.failed] ?? 0)
        let late = board.traffic.fatesAfterSignal
        let answers = wholeAtSignal + (late[.answered] ?? 0) + (late[.unmarked] ?? 0) + (late[.failed] ?? 0)
        guard answers > 0 else { return .inapplicable("nothing was answered") }
        return .judged(failed == 0, "\((answers - failed).grouped) of \(answers.grouped)")
    }

    var lateAnswered: Finding {
        guard board.stopSignal != nil else { return .inapplicable("no signal was sent") }
        let lost = board.traffic.fatesAfterSignal.total(of: \.isLoss) - sentToNobody
        let total = lost + board.traffic.fatesAfterSignal.total(of: \.isWhole)
        guard total > 0 else { return .inapplicable("none was let in") }
        // Nobody directs new clients elsewhere, so some stand at the door when it closes; they are turned away.
        let atDoor = min(lost, atTheDoor)
        let text = "\((total - lost).grouped) of \((total - atDoor).grouped)"
        guard total > atDoor else { return .inapplicable("none was let in") }
        return .judged(lost == atDoor, atDoor > 0 ? "\(text), \(atDoor.grouped) at the door when it closed" : text)
    }

    var noneRefused: Finding {
        guard board.stopSignal != nil else { return .inapplicable("no signal was sent") }
        let total = board.traffic.fatesAfterSignal.values.reduce(0, +)
        guard total > 0 else { return .unknown("no new request came after the signal") }
        let gone = gap?.turnedAway ?? 0
        let closed = metClosedDoor
        let text =
            (closed.isEmpty ? "none" : closed.words) + " of \((total - gone).grouped)"
            + (gone > 0 ? "; \(gone.grouped) came while nobody was in rotation" : "")
        guard !closed.isEmpty else { return total > gone ? .held(text) : .unknown(text) }
        return isUnbalanced ? .unknown("\(text); \(unwatched)") : .failed(text)
    }

    /// Requests that came after the signal to a server without a balancer and were never taken: they came at the very end,
    /// or waited in the accept queue when the listener closed.
    var atTheDoor: Int {
        guard isUnbalanced else { return 0 }
        let late = board.traffic.fatesAfterSignal
        // Nobody was taken any more: the queue was longer in the end than when somebody last looked.
        if board.family.queued > 0, !late.contains(where: \.key.isWhole) { return late.unheard }
        let queued = max(0, board.family.queued - board.requests.fatesAtSignal.unheard)
        return min(late.unheard, board.traffic.atTheDoor + queued)
    }

    /// The same for requests that came a moment before the signal: on which side of it they came is chance.
    var atTheDoorBefore: Int {
        isUnbalanced && !board.isTraced ? min(board.traffic.justBefore, board.family.queued) : 0
    }

    /// Requests in flight at the signal that the server had to answer.
    var owed: Int { board.requests.owed - atTheDoorBefore }

    /// Whether its clients come to the server without a balancer that could send them elsewhere.
    var isUnbalanced: Bool { board.rotation.enteredAt == nil && board.deploy == nil }

    var webSocketsTold: Finding {
        guard board.stopSignal != nil else { return .inapplicable("no signal was sent") }
        guard board.websockets.atSignal > 0 else { return .inapplicable("none was open") }
        let codes = board.websockets.codes.keys.sorted().map(String.init).joined(separator: ", ")
        let text =
            "\(board.websockets.closedClean) of \(board.websockets.atSignal)" + (codes.isEmpty ? "" : ", code \(codes)")
        let isClean = board.websockets.closedDirty == 0
        if isClean, let leftOpen { return .unknown("\(text), \(leftOpen)") }
        if isClean, !board.websockets.open.isEmpty, !board.process.isRunOver {
            return .unknown("\(text), the others are open")
        }
        return .judged(isClean && board.websockets.closedClean >= board.websockets.atSignal, text)
    }

    /// The WebSockets that nobody had closed when the run ended; nil where there was none.
    var leftOpen: String? {
        board.websockets.leftOpen > 0 ? "\(board.websockets.leftOpen) still open when the run ended" : nil
    }

    var jobsSettled: Finding {
        if board.remains.wereEnded, !board.jobs.running.isEmpty {
            return .unknown("\(counted(board.jobs.running.count, "job")) running when Drainboard ended what was left")
        }
        if board.process.isGone, !board.jobs.running.isEmpty {
            return .failed("\(counted(board.jobs.running.count, "job")) still running at the exit")
        }
        guard board.jobs.finished + board.jobs.returned + board.jobs.abandoned > 0 else {
            return .inapplicable("no job ran")
        }
        guard board.jobs.abandoned == 0 else { return .failed("\(board.jobs.abandoned) abandoned") }
        return .held("\(board.jobs.finished) finished, \(board.jobs.returned) handed back")
    }
}
