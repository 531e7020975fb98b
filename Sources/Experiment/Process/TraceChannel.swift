import Glibc
import Platform

/// Where a server may write its trace, besides its standard output: a pipe of this process, named in the environment.
///
/// It is opened by its path (proc_pid_fd(5)), not inherited, so only who knows of it holds it, no process that outlives the
/// server keeps it open, and it is gone with this process.
struct TraceChannel: Sendable {
    /// The environment variable that `LifecycleTrace` reads.
    static let variable = "DRAINBOARD_TRACE_FILE"

    private let pipe: Pipe

    /// - Throws: ``ExperimentError`` when the process has no descriptor left.
    init() throws(ExperimentError) {
        pipe = try Pipe()
        // It never ends, because this process holds its other end too.
        _ = fcntl(pipe.reading, F_SETFL, fcntl(pipe.reading, F_GETFL) | O_NONBLOCK)
    }

    var path: String { "/proc/\(getpid())/fd/\(pipe.writing)" }

    var reading: Int32 { pipe.reading }

    func close() {
        // In this order: whoever opens a pipe that nobody reads would wait for a reader.
        pipe.closeWriting()
        pipe.closeReading()
    }
}
