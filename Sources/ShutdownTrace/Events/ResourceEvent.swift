/// What happens to one thing that the server acquires and gives back.
public struct ResourceEvent: Hashable, Sendable {
    public var name: ResourceName
    public var step: Step

    public enum Step: Hashable, Sendable {
        /// - `index`: 1 for the resource that was acquired first.
        case acquired(index: Int?, detail: String? = nil)
        /// It takes nothing new from here on, and is still in use.
        case quiesced(detail: String? = nil)
        /// Its release begins, and waits for so many.
        case releasing(left: Int? = nil)
        case released(took: Time?, detail: String? = nil)
        /// It could not be given back.
        case failed(cause: String?)
    }

    public init(_ name: ResourceName, _ step: Step) {
        self.name = name
        self.step = step
    }
}

/// The name of a resource: those of the demo server are members, other servers name their own.
///
/// Two names are the same when their whole texts are.
public struct ResourceName: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    public var rawValue: String

    public var description: String { rawValue }

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(stringLiteral value: String) { self.init(rawValue: value) }

    // The demo server's, in the order of acquisition.
    public static let log: Self = "log"
    public static let ledger: Self = "ledger"
    public static let workers: Self = "workers"
    public static let scheduler: Self = "scheduler"
    public static let websockets: Self = "websockets"
    public static let listener: Self = "listener"
    public static let rotation: Self = "rotation"
}

extension ResourceEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        let detail = fields.string(.detail)
        switch kind {
        case .resourceAcquired: step = .acquired(index: fields.int(.index), detail: detail)
        case .resourceQuiesced: step = .quiesced(detail: detail)
        case .resourceReleasing: step = .releasing(left: fields.int(.left))
        case .resourceReleased: step = .released(took: fields.time(.took), detail: detail)
        case .resourceFailed: step = .failed(cause: fields.string(.cause))
        default: return nil
        }
        name = try fields.need(.name, fields.word(.name))
    }

    var wire: WireEvent {
        let name: Fields.Value? = .word(name)
        return switch step {
        case .acquired(let index, let detail):
            WireEvent(.resourceAcquired, [.name: name, .index: .number(index), .detail: .text(detail)])
        case .quiesced(let detail): WireEvent(.resourceQuiesced, [.name: name, .detail: .text(detail)])
        case .releasing(let left): WireEvent(.resourceReleasing, [.name: name, .left: .number(left)])
        case .released(let took, let detail):
            WireEvent(.resourceReleased, [.name: name, .took: .span(took), .detail: .text(detail)])
        case .failed(let cause): WireEvent(.resourceFailed, [.name: name, .cause: .text(cause)])
        }
    }
}
