package import ShutdownTrace

/// What the server said of its own shutdown.
///
/// Shown, and never trusted alone.
package struct Shutdown: Hashable, Sendable {
    package internal(set) var signalsArmedAt: Time?
    package internal(set) var beganAt: Time?
    package internal(set) var budgets: Budgets?
    /// When and why it began again beside the one that ran, the first few times: the clean-up then runs more than once.
    package internal(set) var repeats: [Beginning] = []
    /// The lead that it was last told to keep, while it ran.
    var toldLead: Time?
    package internal(set) var leadEndedAt: Time?
    package internal(set) var drainBeganAt: Time?
    package internal(set) var deadlinePassedAt: Time?
    /// Requests that were in flight when that deadline passed, as the server says.
    package internal(set) var leftAtDeadline: Int?
    package internal(set) var drainEndedAt: Time?
    /// When it began to cut short what was left, and why.
    package internal(set) var forced: Forced?
    package internal(set) var endedAt: Time?
    /// The grace period, where it was changed while the server ran.
    var grace: Time?
    /// When the grace period was over.
    package internal(set) var graceExpiredAt: Time?

    /// The kinds of event that a reader of a log inferred at least once instead of being told.
    package internal(set) var guesses: Set<EventKind> = []

    /// At most so many of ``repeats`` are kept.
    static let mostRepeats = 16

    mutating func begin(at time: Time, _ cause: ShutdownCause) {
        beginnings += 1
        if beganAt == nil {
            beganAt = time
        } else if repeats.count < Self.mostRepeats {
            repeats.append(Beginning(at: time, cause: cause))
        }
    }

    /// How often it began.
    package internal(set) var beginnings = 0

    package struct Beginning: Hashable, Sendable {
        package var at: Time
        package var cause: ShutdownCause
    }

    package struct Forced: Hashable, Sendable {
        package var at: Time
        package var cause: ForcedCause
    }
}

/// Readiness as the server tells it, and rotation as the balancer decides it.
package struct Rotation: Hashable, Sendable {
    package internal(set) var readinessRaisedAt: Time?
    package internal(set) var readinessLoweredAt: Time?
    package internal(set) var enteredAt: Time?
    package internal(set) var leftAt: Time?
    /// Failed probes in a row, and how many it takes.
    package internal(set) var failures = 0
    package internal(set) var threshold: Int?
    /// Requests that went elsewhere because the server was out of rotation.
    package internal(set) var diverted = 0

    package var isIn: Bool { enteredAt.map { entered in leftAt.map { $0 < entered } ?? true } ?? false }
}

/// The listening socket and the connections that clients keep, as far as somebody told.
package struct Listener: Hashable, Sendable {
    package internal(set) var openedAt: Time?
    /// When it closed: by the server's word, or by the kernel's where the server tells nothing.
    package var closedAt: Time? { toldClosedAt ?? goneAt }
    /// When the server said that it closed it.
    var toldClosedAt: Time?
    /// Since when the kernel shows no socket that listens.
    package internal(set) var goneAt: Time?
    /// Connections that waited in the accept queue at the end and were still taken.
    package internal(set) var drained = 0
    /// Whether it was closed after the signal and opened again.
    package internal(set) var isReopened = false
    /// How connections ended since the signal on which the server owed no answer, by what their client does.
    var held: [ClientKind: Held] = [:]

    /// What each connection is for whose client told its port, by that port; at most ``mostKinds``.
    var kinds: [Int: ClientKind] = [:]

    static let mostKinds = 1_024

    struct Held: Hashable, Sendable {
        /// `open` for one that only the exit ended.
        var endings: [ConnectionEnd: Int] = [:]
        /// When the server ended the first of them before its exit.
        var firstAt: Time?
        /// When the last of them ended before its exit.
        var lastAt: Time?

        /// Counts one that ended; without a time where the exit ended it.
        mutating func note(_ end: ConnectionEnd?, at time: Time?) {
            if let end { endings[end, default: 0] += 1 }
            guard let time else { return }
            if end != .client { firstAt = firstAt ?? time }
            lastAt = time
        }
    }

    /// Idle keep-alive connections that clients hold.
    package internal(set) var connections = 0
}

/// The background jobs.
package struct Jobs: Hashable, Sendable {
    /// When each running job was fetched.
    package internal(set) var running: [Int: Time] = [:]
    package internal(set) var queued = 0
    package internal(set) var finished = 0
    package internal(set) var returned = 0
    package internal(set) var abandoned = 0
    /// When the last job finished or was handed back.
    package internal(set) var lastSettledAt: Time?
}

/// The WebSockets, as the clients see them.
package struct WebSockets: Hashable, Sendable {
    /// Open ones, and since when.
    package internal(set) var open: [Int: Time] = [:]
    /// Told by the server to close, and not gone yet.
    package internal(set) var told: [Int: Time] = [:]
    /// Open ones whose Close frame came back.
    var echoed: Set<Int> = []
    /// Open at the first signal that asked the server to stop.
    package internal(set) var atSignal = 0
    /// Closed since that signal with a Close frame that both sides sent.
    package internal(set) var closedClean = 0
    /// Closed since that signal in any other way.
    package internal(set) var closedDirty = 0
    /// Open when the run ended: closed by Drainboard's own clean-up.
    package internal(set) var leftOpen = 0
    /// Close codes that clients received since that signal.
    package internal(set) var codes: [Int: Int] = [:]
    package internal(set) var lastClosedAt: Time?
}

/// The server's log.
package struct LogFile: Hashable, Sendable {
    /// Lines that the server says it wrote.
    package internal(set) var written: Int?
    package internal(set) var flushedAt: Time?
    /// Lines that are in the file after the exit.
    package internal(set) var found: Int?
    /// Lines that the server reported and that are not in the file.
    package internal(set) var lost: Int?
}

/// What was left behind after the exit.
package struct Remains: Hashable, Sendable {
    /// What the port answered; nil until it was tried.
    package internal(set) var port: PortAnswer?
    package internal(set) var files: [File] = []
    package internal(set) var processes: [Orphan] = []

    /// Whether Drainboard had to end processes of the server: what they did not do then is not the server's failure.
    var wereEnded: Bool { !processes.isEmpty }

    /// Whether nothing is left, as far as somebody looked.
    var isClean: Bool { files.isEmpty && processes.isEmpty && port ?? .refused == .refused }

    package struct File: Hashable, Sendable {
        package var path: String
        package var bytes: Int

        /// Its name without the folder.
        package var shortName: String { path.split(separator: "/").last.map(String.init) ?? path }

        /// Whether it is the write-ahead log of a SQLite database, which a database that is closed removes.
        var isWriteAheadLog: Bool { path.hasSuffix("-wal") }
    }

    package struct Orphan: Hashable, Sendable {
        package var pid: Int
        package var command: String

        /// Its pid and command, in one line of bounded length.
        fileprivate var words: String {
            let line = command.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return "\(pid) \(line.prefix(80))" + (line.count > 80 || command.count > 400 ? "…" : "")
        }
    }

    /// The first processes in words, and how many more there are.
    static func listed(_ processes: [Orphan], _ noun: String = "") -> [String] {
        let most = 3
        let more = processes.count > most ? ["\((processes.count - most).grouped) more"] : []
        return processes.prefix(most).map { noun + $0.words } + more
    }
}
