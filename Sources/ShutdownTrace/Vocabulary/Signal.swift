/// A Unix signal, by its Linux number.
///
/// Numbers are those of Linux on x86-64 and arm64 (signal(7)); the text of a signal says what it means to a
/// process that does nothing about it.
public struct Signal: Hashable, Sendable, RawRepresentable {
    /// 1...64.
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// What the kernel does with a signal that a process neither catches, ignores nor blocks (signal(7)).
    public enum DefaultAction: String, Hashable, Sendable {
        case terminate, core, stop, resume, ignore
    }

    public static let hangup = Signal(rawValue: 1)
    public static let interrupt = Signal(rawValue: 2)
    public static let quit = Signal(rawValue: 3)
    public static let kill = Signal(rawValue: 9)
    public static let user1 = Signal(rawValue: 10)
    public static let user2 = Signal(rawValue: 12)
    public static let terminate = Signal(rawValue: 15)
    public static let resume = Signal(rawValue: 18)
    public static let stop = Signal(rawValue: 19)
    public static let windowChange = Signal(rawValue: 28)

    /// All that have a name, in the order of their numbers.
    public static let all: [Signal] = (1...31).map(Signal.init(rawValue:))

    /// Finds a signal by `TERM`, `SIGTERM`, `term`, `RTMIN+3` or `15`.
    public init?(_ text: String) {
        let upper = text.uppercased()
        let short = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if let number = Int32(short) {
            guard (1...64).contains(number) else { return nil }
            self.init(rawValue: number)
        } else if let index = Self.names.firstIndex(of: short) {
            self.init(rawValue: Int32(index + 1))
        } else if short.hasPrefix("RTMIN+"), let number = UInt8(short.dropFirst(6)), number <= 30 {
            self.init(rawValue: 34 + Int32(number))
        } else {
            return nil
        }
    }

    /// `SIGTERM`, or `SIGRTMIN+3`.
    public var name: String { "SIG" + shortName }

    /// `TERM`, or `RTMIN+3`.
    public var shortName: String {
        let index = Int(rawValue) - 1
        if Self.names.indices.contains(index) { return Self.names[index] }
        return rawValue >= 34 ? "RTMIN+\(rawValue - 34)" : "\(rawValue)"
    }

    /// Neither can be caught, blocked or ignored (signal(7)).
    public var isUncatchable: Bool { self == .kill || self == .stop }

    public var defaultAction: DefaultAction {
        switch rawValue {
        case 3, 4, 5, 6, 7, 8, 11, 24, 25, 31: .core
        case 19, 20, 21, 22: .stop
        case 18: .resume
        case 17, 23, 28: .ignore
        default: .terminate
        }
    }

    /// One line on what people send it for.
    public var meaning: String {
        switch rawValue {
        case 1: "terminal gone; often: read the configuration again"
        case 2: "interrupt from the keyboard, as Ctrl-C"
        case 3: "quit with a core; nginx: graceful"
        case 9: "force: cannot be caught, no clean-up"
        case 10: "user-defined; HAProxy: graceful"
        case 12: "user-defined; nginx: new binary"
        case 15: "polite request to stop"
        case 18: "go on after a stop"
        case 19: "freeze: cannot be caught"
        case 20: "stop from the keyboard, as Ctrl-Z"
        case 28: "window size; nginx: workers leave"
        default: Self.rarely[rawValue] ?? "real-time signal"
        }
    }

    private static let rarely: [Int32: String] = [
        4: "illegal instruction", 5: "trap", 6: "abort", 7: "bus error", 8: "arithmetic error",
        11: "bad memory access", 13: "nobody reads the pipe", 14: "alarm clock", 16: "stack fault",
        17: "a child stopped or left", 21: "background read", 22: "background write", 23: "urgent data",
        24: "CPU limit", 25: "file size limit", 26: "virtual timer", 27: "profiling timer", 29: "input possible",
        30: "power failure", 31: "bad system call",
    ]

    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ]
}
