import ShutdownBoard
import ShutdownTrace

/// When the next frame is painted: no more often than a person can follow, and at once after a key.
struct FramePacing {
    private var isDirty = true
    /// When the last frame was painted; nil paints the next one at once.
    private var lastFrame: Time?
    private var shownPhase: Phase?

    /// Notes that there may be something new to see.
    mutating func note() { isDirty = true }

    /// Notes a change that a person waits for.
    mutating func hurry() {
        isDirty = true
        lastFrame = nil
    }

    /// Notes that a frame was painted.
    mutating func painted(_ phase: Phase, at now: Time) {
        isDirty = false
        lastFrame = now
        shownPhase = phase
    }

    /// Whether a frame is due; `live` is the newest board of a run whose end is shown, and nil elsewhere on a run.
    func isDue(at now: Time, _ live: Board?) -> Bool { isDirty && now >= due(live) }

    /// When to look at the screen again; nil when only an input can change it.
    func deadline(_ live: Board?, isMoving: Bool) -> Time? { isDirty || isMoving ? due(live) : nil }

    private func due(_ live: Board?) -> Time { lastFrame.map { $0 + interval(live) } ?? .zero }

    /// The span between two frames: short in a drain, and shortest when a phase begins.
    private func interval(_ live: Board?) -> Time {
        guard let live else { return .milliseconds(50) }
        guard live.phase == shownPhase else { return .milliseconds(20) }
        return live.stopSignal == nil || live.process.isGone ? .milliseconds(250) : .milliseconds(80)
    }
}
