import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace

/// The standard input of a tied server, on which its parent sends commands.
enum CommandInput {
    /// Bytes of a line that are read; the rest of a longer line is thrown away.
    private static let longest = 256

    /// Ties this process to its parent: obeys the commands on standard input, and ends the process when the input ends.
    ///
    /// A thread blocks in read(2), so this works with any signal disposition and in a server that hangs. The parent's
    /// death closes the pipe, whatever killed it. PR_SET_PDEATHSIG would fire when the creating thread ends (prctl(2)).
    /// `obey` runs on that thread, with nil for a line that is no command.
    static func listen(_ obey: @escaping @Sendable (ControlCommand?) -> Void) {
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
                        obey(ControlCommand(line: String(decoding: line, as: UTF8.self)))
                        line = []
                    }
                }
            }
        }
    }
}
