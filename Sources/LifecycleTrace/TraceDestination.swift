internal import Glibc
import Platform

/// Where a trace goes.
public enum TraceDestination: Hashable, Sendable {
    /// The file that the environment variable `DRAINBOARD_TRACE_FILE` names, or else the open descriptor whose number is in
    /// `DRAINBOARD_TRACE_FD`; without both, nowhere.
    ///
    /// So a program writes its trace only when asked to, as `drainboard check` and `drainboard watch` ask every server that
    /// they start.
    case environment
    case standardOutput
    /// An open descriptor, which the caller closes.
    case descriptor(Int32)
    /// A file to append to; it is created where it is missing.
    case file(String)
    case nowhere

    /// The environment variable with the number of a descriptor.
    public static let variable = "DRAINBOARD_TRACE_FD"

    /// The environment variable with the path of a file; it wins over ``variable``.
    public static let fileVariable = "DRAINBOARD_TRACE_FILE"

    /// Whether the environment says where a trace is wanted.
    package static var isWanted: Bool { value(of: fileVariable) ?? value(of: variable) != nil }

    /// A descriptor to write to, and whether the writer closes it.
    package struct Opened {
        package var descriptor: Int32?
        package var isOwned = false
    }

    /// Opens the destination; where it cannot be written, standard error says so, and the trace goes nowhere.
    package func open() -> Opened {
        switch self {
        case .nowhere: return Opened()
        case .standardOutput: return Opened(descriptor: 1)
        case .descriptor(let number):
            return Opened(descriptor: Self.checked(number, "descriptor \(number)"))
        case .environment:
            if let path = Self.value(of: Self.fileVariable) { return Self.file(path).open() }
            guard let text = Self.value(of: Self.variable) else { return Opened() }
            return Opened(descriptor: Self.checked(Int32(text) ?? -1, "\(Self.variable)=\(text.prefix(40))"))
        case .file(let path):
            let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                Self.complain("the trace's file \(path) cannot be written (\(String(cString: strerror(errno))))")
                return Opened()
            }
            return Opened(descriptor: descriptor, isOwned: true)
        }
    }

    /// The value of an environment variable; nil where it is missing or empty.
    private static func value(of variable: String) -> String? {
        getenv(variable).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func checked(_ descriptor: Int32, _ name: String) -> Int32? {
        let flags = descriptor < 0 ? -1 : fcntl(descriptor, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_RDONLY else {
            complain("\(name) is no descriptor that can be written")
            return nil
        }
        return descriptor
    }

    private static func complain(_ text: String) {
        _ = writeAll(Array("drainboard: \(text); there is no trace\n".utf8), to: 2)
    }
}
