internal import ShutdownTrace

/// A sentence of the feed, which is made when it is asked for, and its weight.
struct Telling {
    typealias Weight = Feed.Line.Weight

    let weight: Weight
    private let make: () -> String

    init(_ weight: Weight, _ sentence: @escaping @autoclosure () -> String) {
        self.weight = weight
        make = sentence
    }

    var sentence: String { make() }
}

/// How the events read in the event pane and in plain output; nil for those that would only be noise.
extension News {
    var telling: Telling? {
        switch self {
        case .event(let payload): payload.telling
        case .unknown(let name): Telling(.quiet, name)
        case .logged(let text): Telling(.quiet, text)
        case .runs: Telling(.normal, "runs")
        case .ended(let request): request.telling
        case .webSocketsClosed(let count, let codes):
            Telling(
                .normal,
                counted(count, "websocket") + " closed, \(codes.map(String.init).joined(separator: " and "))")
        case .listenerClosed(let isQueueEmpty):
            Telling(
                .normal,
                "listener closed, \(isQueueEmpty ? "nothing left in the accept queue" : "accept queue emptied")")
        case .cleanUpBeganAgain(let cause): Telling(.risk, "the clean-up begins once more: \(cause.text)")
        case .releasedAgain(let name): Telling(.risk, "\(name) released again")
        case .memberGone(let pid, let command, let status):
            Telling(.normal, "process \(pid)\(command.map { " \($0)" } ?? "") \(status?.words ?? "is gone")")
        case .restarts: Telling(.signal, "the supervisor starts it again")
        case .deployEnded(let isRestart, let failed, let total):
            Telling(
                failed == 0 ? .normal : .loss,
                "the \(isRestart ? "restart" : "deploy") is over: \(failed.grouped) of \(counted(total, "request")) failed"
            )
        }
    }
}

extension News.EndedRequest {
    var telling: Telling {
        if fate == .answered {
            return Telling(.normal, "\(label) answered \(status.map(String.init) ?? "") after \(took.words)")
        }
        return Telling(
            fate.isLoss || fate == .failed ? .loss : .risk,
            "\(label) \(fate.words)\(fate == .cut ? " in mid-answer" : "") after \(took.words)")
    }
}

extension Payload {
    /// What an event tells by itself.
    var telling: Telling? {
        switch self {
        case .process(let event): event.telling
        case .signal(let event): event.telling
        case .shutdown(let event): event.telling
        case .balancer(let event): event.telling
        case .resource(let event): event.telling
        case .connection(let event): event.telling
        case .request(let event): event.telling
        case .webSocket(let event): event.telling
        case .job(let event): event.telling
        case .ledger(let event): event.telling
        case .payment(let event): event.telling
        case .log(let event): event.telling
        case .deploy(let event): event.telling
        case .gate(let event): event.telling
        case .remains(let event): event.telling
        case .observation(let event): event.telling
        case .trace(let event): event.telling
        case .run, .unknown: nil
        }
    }
}
