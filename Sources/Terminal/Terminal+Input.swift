internal import CTerminal
internal import Glibc
internal import Screen

/// Waiting for input: keys, signals, sizes and calls of the waker.
extension Terminal {
    /// Sleeps until there is input.
    ///
    /// Signals come before keys, keys before the waker. Ctrl-Z and SIGTSTP suspend the process in this call, which then
    /// returns `.resumed`. A frame that waited for the terminal to be read is sent in this call.
    ///
    /// - Parameter deadline: Seconds of CLOCK_MONOTONIC at which to return `.timedOut`; nil sleeps for ever,
    ///   without a single wake-up.
    /// - Returns: One input; the rest is kept for the next call.
    package func next(until deadline: Double? = nil) -> Input {
        while true {
            let span = keysMayWait ? 0 : Self.nanoseconds(until: deadline)
            let ready = ct_wait(waker.descriptor, span)
            if ready == 0, !keysMayWait { return .timedOut }
            if let input = read(ready) { return input }
        }
    }

    /// Seconds of CLOCK_MONOTONIC now.
    package static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// -1 for no deadline, else at least 0 and at most a day.
    private static func nanoseconds(until deadline: Double?) -> Int64 {
        guard let deadline else { return -1 }
        return Int64((min(max(0, deadline - now), 86_400) * 1e9).rounded(.up))
    }

    private func read(_ ready: Int32) -> Input? {
        if ready.has(CT_READY_OUTPUT) { presentWaiting() }
        if ready.has(CT_READY_WOKEN) { wasWoken = true }
        if ready.has(CT_READY_SIGNAL), let input = nextSignal() { return input }
        if keysMayWait || ready.has(CT_READY_KEY), let input = nextKey() { return input }
        if wasWoken {
            wasWoken = false
            return .woken
        }
        return ready.has(CT_READY_GONE) ? .closed : nil
    }

    private func nextSignal() -> Input? {
        while case let number = ct_next_signal(), number != 0 {
            switch number {
            case SIGWINCH:
                return .resized(resized())
            case SIGTSTP:
                suspend()
                return .resumed
            case SIGCONT:
                reenter()
                return .resumed
            default:
                return .signal(number)
            }
        }
        return nil
    }

    private func nextKey() -> Input? {
        keysMayWait = true
        while case let code = ct_next_key(), code != 0 {
            guard let key = Key(code: code) else { continue }
            guard key == .control("z") else { return .key(key) }
            suspend()
            return .resumed
        }
        keysMayWait = false
        return nil
    }
}

extension Int32 {
    fileprivate func has(_ flag: ct_ready) -> Bool { self & Int32(flag.rawValue) != 0 }
}
