import Glibc
import Platform

/// A pipe of this process to which a server may write its trace, besides its standard output.
///
/// The environment names its path (proc_pid_fd(5)). A server opens it rather than inherit it, so no process that outlives
/// the server keeps it open by accident, and it is gone with this process.
struct TraceChannel: Sendable {
    static let variable = "DRAINBOARD_TRACE_FILE"

    private let pipe: Pipe

    init() throws(RunError) {
        pipe = try Pipe()
        // Reading must not wait: the pipe has no end, because this process holds its other end too.
        _ = fcntl(pipe.reading, F_SETFL, fcntl(pipe.reading, F_GETFL) | O_NONBLOCK)
    }

    var path: String { "/proc/\(getpid())/fd/\(pipe.writing)" }

    var reading: Int32 { pipe.reading }

    func close() {
        // A server that opens the pipe in between finds a reader, and does not wait for one.
        pipe.closeWriting()
        pipe.closeReading()
    }
}
