import Platform
import ShutdownTrace
import Synchronization

/// A process beside the judged server: watched until its end, and reaped only when the run lets it go.
final class SupervisedProcess: Sendable {
    private struct State {
        var child: Child?
        var output: OutputReader?
        var status: ExitStatus?
        var failure: RunError?
        var task: Task<Void, Never>?
    }

    let launch: Launch
    let exited = OneShotEvent()
    private let started = OneShotEvent()
    private let released = OneShotEvent()
    private let state = Mutex(State())
    private let reaper: ProcessReaper
    private let reporter: Reporter

    init(_ launch: Launch, under reaper: ProcessReaper, _ reporter: Reporter) {
        self.launch = launch
        self.reaper = reaper
        self.reporter = reporter
    }

    var child: Child? { state.withLock { $0.child } }
    var status: ExitStatus? { state.withLock { $0.status } }
    var lastLines: [String] { tail?.lastLines ?? [] }
    private var tail: OutputTail? { state.withLock { $0.output }?.tail }

    /// Starts it, and returns when it runs.
    ///
    /// - Parameters:
    ///   - voice: What becomes of its output.
    ///   - input: Written to its standard input, which then ends; nil keeps that open as long as this process lives.
    ///   - end: Called once with its exit status, after its last output.
    /// - Throws: ``RunError`` when it cannot be started.
    func start(
        _ voice: OutputReader.Voice, input: String? = nil,
        end: @escaping @Sendable (ExitStatus, Time) -> Void = { _, _ in }
    ) async throws(RunError) {
        let streams = try Child.Streams()
        if let input {
            streams.input.write(Array(input.utf8))
            streams.input.closeWriting()
        }
        let task = Task { await live(voice, streams, end) }
        state.withLock { $0.task = task }
        await started.wait()
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

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
        _ voice: OutputReader.Voice, _ streams: Child.Streams, _ end: @escaping @Sendable (ExitStatus, Time) -> Void
    ) async {
        do {
            try await Child.spawn(launch, streams) { child in
                reaper.watch(group: child.pid)
                defer { child.killGroup() }
                let output = try OutputReader(
                    out: streams.output.handOverReading(), err: streams.error.handOverReading(), reporter, voice)
                state.withLock { state in
                    state.output = output
                    state.child = child
                }
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
                error as? RunError
                ?? .cannotStart(command: launch.command.joined(separator: " "), cause: "\(error)")
            state.withLock { $0.failure = failure }
        }
        started.fire()
        exited.fire()
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
