import Dispatch
import Glibc
import Platform

/// Standard input as a person types it, and whether the terminal is still there.
///
/// The thread that reads waits for the one that takes: nothing piles up, whatever is written to standard input.
final class TypedInput: Sendable {
    private let inbox: Inbox<TypedLine>
    private let room = DispatchSemaphore(value: 0)

    /// Reads on a thread of its own until the end of the input, and then until the end of the terminal.
    ///
    /// - Parameter wake: Called on that thread when there is something to take.
    init(wake: @escaping @Sendable () -> Void) {
        inbox = Inbox(wake: wake)
        for _ in 0..<16 { room.signal() }
        startThread(named: "standard input") { [self] in read() }
    }

    /// Everything since the last call, oldest first.
    func takeAll() -> [TypedLine] {
        let lines = inbox.takeAll()
        for _ in lines { room.signal() }
        return lines
    }

    private func put(_ line: TypedLine) {
        room.wait()
        inbox.put(line)
    }

    private func read() {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var lines = TypedLines()
        var buffer = [UInt8](repeating: 0, count: 4_096)
        var waits = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isatty(STDOUT_FILENO) == 1 ? STDOUT_FILENO : -1, events: 0, revents: 0),
        ]
        while waits.contains(where: { $0.fd >= 0 }) {
            guard poll(&waits, 2, -1) > 0 else { continue }
            if waits[1].isHungUp || isTerminal && waits[0].isHungUp { return put(.hangup) }
            guard waits[0].revents != 0 else { continue }
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count > 0 {
                lines.take(buffer[..<count]).forEach(put)
            } else if count == 0 || errno != EINTR && errno != EAGAIN {
                // Such is also the answer to a process in the background that no shell looks after: the terminal stays.
                waits[0].fd = -1
                ([lines.end()].compactMap(\.self) + [.end]).forEach(put)
            }
        }
    }
}

extension pollfd {
    fileprivate var isHungUp: Bool { fd >= 0 && Int32(revents) & (POLLHUP | POLLERR) != 0 }
}
