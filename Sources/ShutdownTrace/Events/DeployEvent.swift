/// A second instance, and the load balancer in front of both.
///
/// The instance that an event is about is ``Event/instance``.
public enum DeployEvent: Hashable, Sendable {
    /// - `port`: where the clients connect.
    case began(BalancerKind?, port: Int?)
    /// Both instances are gone.
    case ended
    case spawned(pid: Int?, port: Int?, command: String?)
    /// It answered for the first time.
    case serving(took: Time?)
    case exited(ExitStatus?)
}

extension DeployEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .deployBegan: self = .began(fields.word(.balancer), port: fields.int(.port))
        case .deployEnded: self = .ended
        case .instanceSpawned:
            self = .spawned(pid: fields.int(.pid), port: fields.int(.port), command: fields.string(.command))
        case .instanceServing: self = .serving(took: fields.time(.took))
        case .instanceExited: self = .exited(ExitStatus(fields))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .began(let balancer, let port):
            WireEvent(.deployBegan, [.balancer: .word(balancer), .port: .number(port)])
        case .ended: WireEvent(.deployEnded)
        case .spawned(let pid, let port, let command):
            WireEvent(.instanceSpawned, [.pid: .number(pid), .port: .number(port), .command: .text(command)])
        case .serving(let took): WireEvent(.instanceServing, [.took: .span(took)])
        case .exited(let status): WireEvent(.instanceExited, status?.fields ?? [:])
        }
    }
}
