import Platform
import ShutdownTrace
import Synchronization

/// A process beside the judged server: under guard, looked at until its end, and reaped only when the run lets it go.
final class Companion: Sendable {
    private struct State {
        var child: Child?
        var status: ExitStatus?
        var failure: ExperimentError?
        var task: Task<Void, Never>?
    }

    let launch: Launch
    let exited = OneShotEvent()
    private let started = OneShotEvent()
    private let released = OneShotEvent()
    private let state = Mutex(State())
    private let reporter: Reporter
    /// What it prints, once it runs.
    private let reader = Mutex<OutputReader?>(nil)

    init(_ launch: Launch, _ reporter: Reporter) {
        self.launch = launch
        self.reporter = reporter
    }

    var child: Child? { state.withLock { $0.child } }
    /// Nil while it runs.
    var status: ExitStatus? { state.withLock { $0.status } }
    var lastLines: [String] { reader.withLock { $0 }?.word.lastLines ?? [] }
    /// Lines that it reported as handed to its log.
    var logLines: Int? { reader.withLock { $0 }?.word.logLines }

    /// Starts it, and returns when it runs.
    ///
    /// An `input` is written to its standard input, which then ends; without one that stays open as long as this
    /// process. `end` is called once with its exit status, after its last output.
    ///
    /// - Throws: ``ExperimentError`` when it cannot be started.
    func start(
        under sentry: Guard, _ voice: OutputReader.Voice, input: String? = nil,
        end: @escaping @Sendable (ExitStatus, Time) -> Void = { _, _ in }
    ) async throws(ExperimentError) {
        let streams = try Child.Streams()
        if let input {
            streams.input.write(Array(input.utf8))
            streams.input.closeWriting()
        }
        let task = Task { await live(sentry, voice, streams, end) }
        state.withLock { $0.task = task }
        await started.wait()
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Sends it a signal; false when it is gone.
    @discardableResult
    func send(_ signal: Signal) -> Bool {
        state.withLock { state in
            guard state.status == nil, let child = state.child else { return false }
            return child.send(signal) == 0
        }
    }

    /// Lets it be reaped; it must be gone, or it is killed.
    func release() async {
        send(.kill)
        released.fire()
        await state.withLock { $0.task }?.value
    }

    private func live(
        _ sentry: Guard, _ voice: OutputReader.Voice, _ streams: Child.Streams,
        _ end: @escaping @Sendable (ExitStatus, Time) -> Void
    ) async {
        do {
            try await Child.spawn(launch, streams) { child in
                sentry.watch(group: child.pid)
                let output = try listen(to: child, streams, voice)
                reader.withLock { $0 = output }
                state.withLock { $0.child = child }
                started.fire()
                await watch(child, output, end)
                await released.wait()
                child.killGroup()
                output.stopReading()
                await output.ended.wait()
                streams.input.closeWriting()
            }
        } catch {
            let failure =
                error as? ExperimentError
                ?? .cannotStart(command: launch.command.joined(separator: " "), cause: "\(error)")
            state.withLock { $0.failure = failure }
        }
        started.fire()
        exited.fire()
    }

    private func listen(
        to child: Child, _ streams: Child.Streams, _ voice: OutputReader.Voice
    ) throws(ExperimentError) -> OutputReader {
        do throws(ExperimentError) {
            return try OutputReader(
                out: streams.output.handOverReading(), err: streams.error.handOverReading(), reporter, voice)
        } catch {
            child.killGroup()
            throw error
        }
    }

    private func watch(
        _ child: Child, _ output: OutputReader, _ end: @escaping @Sendable (ExitStatus, Time) -> Void
    ) async {
        for await (change, time) in child.changes(reporter.clock) {
            guard case .ended(let status) = change else { continue }
            await output.ended.wait(atMost: .milliseconds(100), reporter.clock)
            state.withLock { $0.status = status }
            end(status, time)
            exited.fire()
            return
        }
    }
}
