internal import ServiceLifecycle

/// A service that runs as it did and tells when it starts, when it is told to stop, and how it ends.
struct TracedService: Service, CustomStringConvertible {
    let service: any Service
    let trace: ServiceTrace
    let index: Int

    /// What the group calls it in the log: the same as without a trace.
    var description: String { "\(service)" }

    func run() async throws {
        trace.tell { $0.start(index) }
        do {
            try await runTold()
        } catch {
            trace.tell { $0.end(index, error) }
            throw error
        }
        trace.tell { $0.end(index, nil) }
    }

    private func runTold() async throws {
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await service.run()
            } onGracefulShutdown: {
                trace.tell { $0.ask(index) }
            }
        } onCancel: {
            trace.tell { $0.cancel(index) }
        }
    }
}
