import Glibc

/// A helper process that runs beside the server, as a log shipper does.
///
/// It reads from a pipe until the pipe ends with the server's death, and then takes 20 s to finish.
final class CompanionProcess: Sendable {
    private let process: HelperProcess
    private let leash: Behaviour.Helper.Leash
    private let pipe: Int32

    private static let command = ["sh", "-c", "read -r line; exec sleep 20"]

    /// Starts the process; nil when that fails.
    init?(_ leash: Behaviour.Helper.Leash, listener: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        if leash == .loose { _ = fcntl(listener, F_SETFD, 0) }
        let process = HelperProcess(
            Self.command, group: .servers, input: ends[0], inherited: leash == .loose ? listener : nil)
        guard let process else {
            close(ends[1])
            return nil
        }
        self.process = process
        self.leash = leash
        pipe = ends[1]
    }

    /// Ends the process and waits for it, if it is on a tight leash.
    func release() async {
        guard leash == .tight else { return }
        await process.end()
        close(pipe)
    }
}
