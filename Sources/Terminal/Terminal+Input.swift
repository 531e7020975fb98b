internal import CTerminal
internal import Glibc
internal import Screen

/// Waiting for input: keys, pastes, signals, sizes and calls of the waker.
extension Terminal {
    /// Sleeps until there is input.
    ///
    /// Signals come before keys, keys before the waker. Ctrl-Z and SIGTSTP suspend the process in this call, which then
    /// returns `.resumed`. So does a terminal that another program has set otherwise, as Node does when it ends. A frame
    /// that waited for the terminal to be read is sent in this call.
    ///
    /// - Parameter deadline: Seconds of CLOCK_MONOTONIC at which to return `.timedOut`; nil sleeps for ever,
    ///   without a single wake-up.
    /// - Returns: One input; the rest is kept for the next call.
    package func next(until deadline: Double? = nil) -> Input {
        while true {
            if ct_taken() {
                reenter()
                return .resumed
            }
            let first = [deadline, decoder.deadline].compactMap(\.self).min()
            let ready = ct_wait(waker.descriptor, typed.isEmpty ? Self.nanoseconds(until: first) : 0)
            if let input = read(ready) { return input }
            if ready == 0, let deadline, Self.now >= deadline { return .timedOut }
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
        readTyped(ready.has(CT_READY_KEY))
        if let input = nextTyped() { return input }
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

    /// Reads what is there, once all that was read is reported.
    ///
    /// Only where nothing is there does time pass for what has begun.
    private func readTyped(_ isReady: Bool) {
        guard typed.isEmpty else { return }
        guard isReady else { return typed += decoder.pass(at: Self.now) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = Int(ct_read(buffer.baseAddress, Int32(buffer.count)))
        }
        typed += decoder.take(bytes, at: Self.now)
    }

    private func nextTyped() -> Input? {
        guard !typed.isEmpty else { return nil }
        switch typed.removeFirst() {
        case .key(.control("z")):
            suspend()
            return .resumed
        case .key(let key): return .key(key)
        case .paste(let paste): return .pasted(paste)
        }
    }

    /// Whatever was typed before the process stopped was not typed for what goes on.
    func forgetTyped() {
        typed = []
        decoder = KeyDecoder(patience: Self.patience)
    }

    /// `ESCDELAY` in milliseconds, as ncurses has it: for a line that is slower than a key that is pressed.
    static var patience: Double {
        let milliseconds = getenv("ESCDELAY").flatMap { Int(String(cString: $0)) } ?? 50
        return Double(min(max(1, milliseconds), 2_000)) / 1_000
    }
}

extension Int32 {
    fileprivate func has(_ flag: ct_ready) -> Bool { self & Int32(flag.rawValue) != 0 }
}
