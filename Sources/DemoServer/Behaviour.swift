/// What a server does at each point where servers differ in their shutdown; the default is the polite server.
///
/// Each point is read in one place of the code. A fault is one value of a point, its cure another.
package struct Behaviour: Hashable, Sendable {
    package var start = Start.quick
    package var arming = Arming.first
    package var hangup = Hangup.killed
    package var secondSignal = SecondSignal.forces
    package var stopRoute = StopRoute.none
    package var lead = Lead.budgeted
    package var announcement = Announcement.closes
    package var acceptQueue = AcceptQueue.untilEmpty
    package var idle = Idle.closed
    package var drain = Drain.limited
    package var deadline = Deadline.cuts
    package var closing = Closing.lingering
    package var websockets = WebSockets.told
    package var keys = Keys.honoured
    package var acknowledgement = Acknowledgement.committed
    package var helper = Helper.none
    package var release = Release.reversed
    package var leaving = Leaving.exits

    package init() {}

    /// The polite server with some points changed.
    package init(_ change: (inout Behaviour) -> Void) {
        change(&self)
    }

    /// What happens before the first resource is acquired.
    package enum Start: Hashable, Sendable {
        case quick
        /// It reads its configuration for ``Configuration/slowStart``.
        case slow
    }

    /// When the handlers for SIGTERM and SIGINT are installed.
    package enum Arming: Hashable, Sendable {
        /// Before anything slow.
        case first
        /// Once the server is up; until then the kernel's default action applies.
        case whenServing
        case never
    }

    /// What SIGHUP does, which a terminal sends when it goes away.
    package enum Hangup: Hashable, Sendable {
        /// The kernel's default action ends the process.
        case killed
        /// The same as SIGTERM.
        case shutsDown
    }

    /// What a second signal does.
    package enum SecondSignal: Hashable, Sendable {
        /// It ends every wait; everything is still released in order.
        case forces
        /// It starts the clean-up again, beside the first.
        case cleansUpAgain
        case changesNothing
    }

    /// What `POST /shutdown` does.
    package enum StopRoute: Hashable, Sendable {
        /// There is no such route.
        case none
        /// It joins the one shutdown that a signal begins too.
        case joins
        /// It runs a clean-up of its own.
        case startsItsOwn
    }

    /// How long the server goes on serving after it has said that it is not ready, unless another lead is asked for.
    package enum Lead: Hashable, Sendable {
        case budgeted, none
    }

    /// Whether answers say `Connection: close` once the shutdown has begun.
    package enum Announcement: Hashable, Sendable {
        case closes, nothing
    }

    /// How the accept queue ends.
    package enum AcceptQueue: Hashable, Sendable {
        /// Connections are accepted until the queue is empty; then the listener is closed.
        case untilEmpty
        /// Nothing is accepted from the signal on, and the listener is closed after the drain with a full queue.
        case stopsAtTheSignal
    }

    /// What becomes of idle connections.
    package enum Idle: Hashable, Sendable {
        case closed
        /// The server waits for them until their idle time-out of 2.5 s.
        case waitedFor
    }

    /// What limits the wait for requests in flight.
    package enum Drain: Hashable, Sendable {
        /// The drain's budget.
        case limited
        /// Nothing.
        case unlimited
        /// The drain's budget, and one second for each client that neither sends nor takes a byte.
        case limitedForEachPeer
        /// The drain's budget, without the time in which the process was stopped.
        case limitedInRunningTime
        /// The server waits for nothing: what is in flight at the signal is cut without an answer.
        case cutAtTheSignal
    }

    /// What happens when the drain's budget is spent.
    package enum Deadline: Hashable, Sendable {
        /// What is left is cut and named, and everything is released in order.
        case cuts
        /// The process exits with 1 on the spot.
        case exits
    }

    /// How a connection ends after its last answer.
    package enum Closing: Hashable, Sendable {
        /// The server's half first, then both once the client has closed too.
        case lingering
        /// Both halves at once, whatever the client has sent that is still unread.
        case outright
    }

    /// What becomes of WebSockets.
    package enum WebSockets: Hashable, Sendable {
        /// Each gets a Close frame with 1001, and a limit for its answer.
        case told
        /// They get no Close frame, and the server waits for them without a limit.
        case waitedFor
    }

    /// Whether a known `Idempotency-Key` keeps a payment from being charged again.
    package enum Keys: Hashable, Sendable {
        case honoured, ignored
    }

    /// When a payment is acknowledged.
    package enum Acknowledgement: Hashable, Sendable {
        /// Once it is committed.
        case committed
        /// At once, from memory; a task commits it up to 0.4 s later, until the shutdown begins.
        case fromMemory
    }

    /// Which processes run besides the server's own.
    package enum Helper: Hashable, Sendable {
        case none
        /// Each job runs in a helper of its own.
        case runsJobs(Group)
        /// A sidecar is started with the server.
        case sidecar(Leash)

        /// The process group of a helper, which is what a terminal's Ctrl+C goes to.
        package enum Group: Hashable, Sendable {
            case servers, own
        }

        /// What a sidecar inherits, and how it ends.
        package enum Leash: Hashable, Sendable {
            /// It inherits the listening socket, and the server does not end it.
            case loose
            /// It inherits nothing, and the server ends it and waits for it.
            case tight
        }
    }

    /// In which order resources are released.
    package enum Release: Hashable, Sendable {
        /// One after another, the last one acquired first, each within its own limit.
        case reversed
        /// One after another, the ledger before the workers, which go on until their turn.
        case ledgerFirst
        /// As ``reversed``, but the service group has one deadline of 0.5 s for all of them.
        case groupDeadline
        /// As ``reversed``, but the scheduler's service returns as soon as the shutdown begins.
        case earlyFinisher
        /// None: the listener is closed and `main` returns.
        case nothing
    }

    /// How the process ends.
    package enum Leaving: Hashable, Sendable {
        /// exit(3) with a status that says how it went.
        case exits
        /// _exit(2), which does nothing that was left for the exit, such as the flush of a buffer.
        case skipsTheFlush
        /// Death by the signal that began the shutdown, with its default action restored.
        case diesOfTheSignal
    }
}
