/// The limits of a shutdown.
///
/// They nest: everything the server grants fits inside the supervisor's grace period.
///
/// ```
/// lead + drain + workers + ledger + flush + margin ≤ grace
/// ```
public struct Budgets: Hashable, Sendable {
    /// Between lowering readiness and closing the listener, so that the balancer notices.
    public var lead: Time
    /// For requests and WebSockets in flight; nil where nothing limits their wait.
    public var drain: Time?
    /// For jobs that are running.
    public var workers: Time
    /// For open transactions, the checkpoint and the close.
    public var ledger: Time
    /// For the log.
    public var flush: Time
    /// Left over on purpose.
    public var margin: Time

    public init(lead: Time, drain: Time?, workers: Time, ledger: Time, flush: Time, margin: Time) {
        self.lead = lead
        self.drain = drain
        self.workers = workers
        self.ledger = ledger
        self.flush = flush
        self.margin = margin
    }

    /// The demo's limits for a drain of so many seconds: 30 s nest in a grace period of 45 s.
    ///
    /// Below 30 s the inner limits shrink with the drain, each to a floor that a loaded machine still meets.
    public init(drain: Time) {
        let scale = min(1, drain.seconds / 30)
        self.init(
            lead: .seconds(1), drain: drain, workers: .seconds(max(2, 8 * scale)),
            ledger: .seconds(max(1, 2 * scale)), flush: .seconds(1), margin: .seconds(max(1, 3 * scale)))
    }

    /// The smallest grace period in which all of them fit; where the drain has no limit, what the others need.
    public var grace: Time { lead + (drain ?? .zero) + workers + ledger + flush + margin }

    /// As the fields of a header or of `shutdown.began`, in seconds: without `drain` where that has no limit.
    public var fields: Fields {
        let drain = drain.map { [Fields.Entry(.drain, .time($0))] } ?? []
        return Fields(
            [.init(.lead, .time(lead))] + drain + [
                .init(.workers, .time(workers)), .init(.ledger, .time(ledger)), .init(.flush, .time(flush)),
                .init(.margin, .time(margin)),
            ])
    }

    /// Reads what ``fields`` wrote; nil when a limit other than the drain's is missing.
    public init?(_ fields: Fields) {
        guard let lead = fields.time(.lead), let workers = fields.time(.workers),
            let ledger = fields.time(.ledger), let flush = fields.time(.flush), let margin = fields.time(.margin)
        else { return nil }
        self.init(
            lead: lead, drain: fields.time(.drain), workers: workers, ledger: ledger, flush: flush, margin: margin)
    }
}
