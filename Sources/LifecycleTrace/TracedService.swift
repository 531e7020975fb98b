internal import ServiceLifecycle

/// A service that traces its start, the request to stop, and its end, and otherwise runs as without a trace.
struct TracedService: Service, CustomStringConvertible {
    let service: any Service
    let trace: ServiceTrace
    let index: Int

    /// The name of the service in the group's log, the same as without a trace.
    var description: String { "\(service)" }

    func run() async throws {
        trace.update { $0.start(index) }
        do {
            try await runTraced()
        } catch {
            trace.update { $0.end(index, error) }
            throw error
        }
        trace.update { $0.end(index, nil) }
    }

    private func runTraced() async throws {
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await service.run()
            } onGracefulShutdown: {
                trace.update { $0.ask(index) }
            }
        } onCancel: {
            trace.update { $0.cancel(index) }
        }
    }
}
