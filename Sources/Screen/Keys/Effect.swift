package import ShutdownBoard
package import ShutdownTrace

/// What a key asks the program to do.
package enum Effect: Hashable, Sendable {
    /// Send this signal to the server. SIGKILL comes only after its confirmation.
    case send(Signal)
    /// Leave; the server is ended first if it still runs.
    case quit(keepingFrame: Bool)
    /// Stop this program as Ctrl-Z does.
    case suspend
    /// Start the same scenario once more.
    case runAgain
    /// Start this lesson with its fault, or the mended version of it; a server that still runs is ended first.
    ///
    /// While a deploy is ``Playing/isDeploy``, its mended version is meant as a deploy too.
    case start(lesson: String, isMended: Bool)
    /// Start the lesson that is played now as a rolling deploy, with a second instance that takes over.
    case deploy
    /// Tell the gate in the server's shutdown to hold, release or step.
    case gate(ControlCommand)
    /// Move a slider of the live lesson to one of its positions, counted from 0.
    case slide(Lesson.Setting, to: Int)
    /// Mark this moment.
    case mark
    /// Write the run to a file.
    case export
    /// Hold the picture, or let it go on.
    case freeze(Bool)
    /// Move on the timeline.
    case move(Move)
    /// Move to the next event that has the filter's text, or to the one before.
    case find(forward: Bool)
}
