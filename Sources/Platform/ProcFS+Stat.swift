/// The state of a process or a thread in `/proc`.
extension ProcFS {
    /// One process, or one thread, at a moment (proc_pid_stat(5)).
    package struct Stat: Hashable, Sendable {
        package var pid: Int
        /// `R` `S` `D` `T` `Z` and so on.
        package var state: Character
        package var parent: Int
        package var group: Int
        package var session: Int
        /// It is on its way out: its descriptors close any moment, or are closed.
        package var isExiting: Bool
        package var threads: Int
        /// Clock ticks since the machine started: with the pid it names one process for ever.
        package var start: Int
        /// As wait(2) tells it; only of a zombie, and 0 when we may not know.
        package var exitStatus: Int32

        /// Whether it has ended; a process whose first thread alone has ended has not.
        package var isOver: Bool { state == "X" || state == "Z" && threads <= 1 }

        /// Reads it now; nil when there is no such process or thread.
        package init?(pid: Int) { self.init("/proc/\(pid)/stat") }

        package init?(_ path: String) {
            guard let bytes = ProcFS.bytes(path, atMost: 4_096) else { return nil }
            self.init(bytes: bytes)
        }

        /// The name in parentheses may hold anything, so the fields are counted from the last parenthesis.
        package init?(bytes: [UInt8]) {
            guard let end = bytes.lastIndex(of: UInt8(ascii: ")")), bytes.count > end + 4 else { return nil }
            let fields = Self.numbers(bytes[(end + 4)...])
            guard fields.count > 46 else { return nil }
            pid = Self.numbers(bytes.prefix { $0 != UInt8(ascii: "(") }).first ?? 0
            state = Character(Unicode.Scalar(bytes[end + 2]))
            (parent, group, session) = (fields[0], fields[1], fields[2])
            isExiting = fields[5] & 0x4 != 0  // PF_EXITING, linux/sched.h
            (threads, start) = (fields[16], fields[18])
            exitStatus = fields.count > 48 ? Int32(truncatingIfNeeded: fields[48]) : 0
        }

        /// Addresses and limits wrap around; nobody reads them.
        private static func numbers(_ bytes: some Collection<UInt8>) -> [Int] {
            var numbers: [Int] = []
            numbers.reserveCapacity(52)
            var (number, sign, hasDigit) = (0, 1, false)
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    number = number &* 10 &+ Int(byte - UInt8(ascii: "0"))
                    hasDigit = true
                case UInt8(ascii: "-"): sign = -1
                default:
                    if hasDigit { numbers.append(sign &* number) }
                    (number, sign, hasDigit) = (0, 1, false)
                }
            }
            if hasDigit { numbers.append(sign &* number) }
            return numbers
        }
    }

    /// What a process does with signals, a bit each from signal 1 on (proc_pid_status(5)).
    package struct Status: Hashable, Sendable {
        /// The process that a thread belongs to.
        package var process = 0
        package var caught: UInt64 = 0
        package var ignored: UInt64 = 0
        /// What every thread of the process blocks; a signal that one of them does not block gets through.
        package var blocked: UInt64 = 0
        /// Sent to the process and not taken yet.
        package var pending: UInt64 = 0

        /// Reads it now; nil when there is no such process.
        package init?(pid: Int) {
            guard let bytes = ProcFS.bytes("/proc/\(pid)/status", atMost: 16_384) else { return nil }
            self.init(bytes: bytes)
            guard blocked != 0 else { return }
            for thread in ProcFS.numbers(in: "/proc/\(pid)/task", atMost: 256) where thread != pid {
                let bytes = ProcFS.bytes("/proc/\(pid)/task/\(thread)/status", atMost: 16_384)
                guard let other = bytes.flatMap(Status.init(bytes:)) else { continue }
                blocked &= other.blocked
                if blocked == 0 { return }
            }
        }

        /// Parses the text of one status file; nil when a mask is missing.
        package init?(bytes: [UInt8]) {
            var found = 0
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                guard let first = line.first, first == UInt8(ascii: "S") || first == UInt8(ascii: "T"),
                    let colon = line.firstIndex(of: UInt8(ascii: ":"))
                else { continue }
                let value = String(decoding: line[(colon + 1)...].drop { $0 == 9 || $0 == 32 }, as: UTF8.self)
                let bits = UInt64(value, radix: 16)
                switch String(decoding: line[..<colon], as: UTF8.self) {
                case "Tgid": process = Int(value) ?? 0
                case "ShdPnd": pending = bits ?? 0
                case "SigBlk": (blocked, found) = (bits ?? 0, bits == nil ? found : found + 1)
                case "SigIgn": (ignored, found) = (bits ?? 0, bits == nil ? found : found + 1)
                case "SigCgt": (caught, found) = (bits ?? 0, bits == nil ? found : found + 1)
                default: continue
                }
            }
            if found < 3 { return nil }
        }
    }
}
