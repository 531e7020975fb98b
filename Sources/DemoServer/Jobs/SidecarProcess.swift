import Glibc
import Platform

/// A helper process that runs beside the server, as a log shipper does.
///
/// It reads from a pipe until the pipe ends with the server's death, and then takes 20 s to finish.
final class SidecarProcess: Sendable {
    private let process: HelperProcess
    private let leash: Behaviour.Helper.Leash
    private let pipe: Pipe

    private static let command = ["sh", "-c", "read -r line; exec sleep 20"]

    /// Starts the process; nil when that fails.
    init?(_ leash: Behaviour.Helper.Leash, listener: Int32) {
        guard let pipe = try? Pipe() else { return nil }
        defer { pipe.closeReading() }
        if leash == .loose { _ = fcntl(listener, F_SETFD, 0) }
        let process = HelperProcess(
            Self.command, group: .servers, input: pipe.reading, inherited: leash == .loose ? listener : nil)
        guard let process else {
            pipe.closeWriting()
            return nil
        }
        self.process = process
        self.leash = leash
        self.pipe = pipe
    }

    /// Ends the process and waits for it, if it is on a tight leash.
    func release() async {
        guard leash == .tight else { return }
        await process.end()
        pipe.closeWriting()
    }
}
