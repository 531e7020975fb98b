import Glibc
import LifecycleTrace
import ShutdownTrace

/// What the parent of a tied server may tell it on standard input, one line each.
enum Order: Hashable, Sendable {
    /// Stop between this step of the shutdown and the next one.
    case hold
    /// Go on.
    case release
    /// Go on, and stop before the next step.
    case step
    /// A new lead in seconds, also while it runs.
    case lead(Time)

    /// The same for a server that has a lead; one that has none gets none.
    case keep(Time)

    /// Reads `hold`, `release`, `step`, `lead SECONDS` or `keep SECONDS`; nil when it is none of them.
    init?(_ line: String) {
        let words = line.split(separator: " ")
        switch (words.first, words.count) {
        case ("hold", 1): self = .hold
        case ("release", 1): self = .release
        case ("step", 1): self = .step
        case ("lead", 2), ("keep", 2):
            guard let seconds = Double(words[1]), (0...1_000_000).contains(seconds) else { return nil }
            self = words[0] == "lead" ? .lead(.seconds(seconds)) : .keep(.seconds(seconds))
        default: return nil
        }
    }

    /// Bytes of a line that are looked at; the rest of a longer one is thrown away.
    private static let longest = 256

    /// Ties this process to its parent: obeys what comes on standard input, and ends when it ends.
    ///
    /// A thread blocks in read(2), so this works with any signal disposition and in a server that hangs. The parent's
    /// death closes the pipe, whatever killed it. PR_SET_PDEATHSIG would fire when the creating thread ends (prctl(2)).
    /// The closure runs on that thread, with nil for a line that is no order.
    static func listen(_ obey: @escaping @Sendable (Order?) -> Void) {
        startThread {
            var line: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 512)
            while true {
                let count = read(0, &bytes, bytes.count)
                if count == 0 || (count < 0 && errno != EINTR) { _exit(3) }
                for byte in bytes.prefix(max(0, count)) {
                    if byte != UInt8(ascii: "\n") {
                        if line.count < longest { line.append(byte) }
                    } else {
                        obey(Order(String(decoding: line, as: UTF8.self)))
                        line = []
                    }
                }
            }
        }
    }
}
