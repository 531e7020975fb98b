/// Readiness, the load balancer that asks for it, and where new requests go.
public enum BalancerEvent: Hashable, Sendable {
    /// The server says that it is ready.
    case readinessRaised
    /// The server's health endpoint says 503; the server still serves.
    case readinessLowered
    case probePassed(status: Int?, took: Time?)
    case probeFailed(FailedProbe)
    /// New requests go to the server.
    case rotationEntered
    /// No new request goes to the server, after so many failed probes.
    case rotationLeft(failures: Int?)
    /// So many requests would have come here since the last such event and went elsewhere.
    case diverted(count: Int)
    /// The time between two probes and the number of failures that rule from here on.
    case changed(interval: Time?, threshold: Int?)

    /// One failed probe of several in a row.
    public struct FailedProbe: Hashable, Sendable {
        /// How many probes failed in a row, this one included.
        public var failures: Int?
        /// How many failures in a row take the server out of rotation.
        public var threshold: Int?
        /// The status of the answer; nil where none came.
        public var status: Int?
        /// Why no answer came.
        public var cause: String?

        public init(failures: Int?, threshold: Int?, status: Int? = nil, cause: String? = nil) {
            self.failures = failures
            self.threshold = threshold
            self.status = status
            self.cause = cause
        }
    }
}

extension BalancerEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .readinessRaised: self = .readinessRaised
        case .readinessLowered: self = .readinessLowered
        case .probePassed: self = .probePassed(status: fields.int(.status), took: fields.time(.took))
        case .probeFailed:
            self = .probeFailed(
                FailedProbe(
                    failures: fields.int(.failures), threshold: fields.int(.threshold), status: fields.int(.status),
                    cause: fields.string(.cause)))
        case .rotationEntered: self = .rotationEntered
        case .rotationLeft: self = .rotationLeft(failures: fields.int(.failures))
        case .requestDiverted: self = .diverted(count: fields.count(.count) ?? 1)
        case .balancerChanged: self = .changed(interval: fields.time(.interval), threshold: fields.int(.threshold))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .readinessRaised: WireEvent(.readinessRaised)
        case .readinessLowered: WireEvent(.readinessLowered)
        case .probePassed(let status, let took):
            WireEvent(.probePassed, [.status: .number(status), .took: .span(took)])
        case .probeFailed(let probe):
            WireEvent(
                .probeFailed,
                [
                    .failures: .number(probe.failures), .threshold: .number(probe.threshold),
                    .status: .number(probe.status), .cause: .text(probe.cause),
                ])
        case .rotationEntered: WireEvent(.rotationEntered)
        case .rotationLeft(let failures): WireEvent(.rotationLeft, [.failures: .number(failures)])
        case .diverted(let count): WireEvent(.requestDiverted, [.count: .number(count)])
        case .changed(let interval, let threshold):
            WireEvent(.balancerChanged, [.interval: .span(interval), .threshold: .number(threshold)])
        }
    }
}
