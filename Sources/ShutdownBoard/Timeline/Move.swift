package import ShutdownTrace

/// A move on the timeline of a run that a key asks for.
package enum Move: Hashable, Sendable {
    case toggle
    /// By so many events, forward or back; stands still afterwards.
    case step(Int)
    /// By a span, forward or back.
    case skip(Time)
    /// By so many percent of the run, forward or back.
    case leap(percent: Int)
    /// To so many percent of the run, 0...100.
    case percent(Int)
    /// To a moment.
    case to(Time)
    /// Behind an event, counted from 1.
    case toEvent(Int)
    /// To the next phase or signal, or to the one before.
    case landmark(forward: Bool)
    /// To the next mark, or to the one before.
    case mark(forward: Bool)
    case start
    /// To the end, and along with it while the run goes on.
    case end
    case faster, slower, normalSpeed
}
