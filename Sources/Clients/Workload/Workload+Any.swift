import ShutdownTrace

extension Workload {
    /// Every kind of work that a client can bring to a server of which nothing is known but one URL.
    ///
    /// A kind that the server shows not to take before the first signal is given up and told as `work.skipped`.
    ///
    /// - Parameters:
    ///   - target: What is asked for. WebSockets are only opened where it has a path for them.
    ///   - mix: How many of each.
    /// - Returns: The workload.
    package static func any(target: Target, mix: Mix = Mix()) -> Workload {
        var workload = Workload(rate: 0, mix: [])
        workload.target = target
        (workload.slow, workload.fresh, workload.idleConnections) = (mix.slow, mix.new, mix.idle)
        (workload.silent, workload.halfSent, workload.pipelined) = (mix.silent, mix.half, mix.pipelined)
        (workload.slowReaders, workload.slowUploads) = (mix.reader, mix.upload)
        workload.websockets = target.webSocket == nil ? 0 : mix.websocket
        workload.readerSeconds = 1
        return workload
    }

    /// Requests in flight that a signal may wait for, however fast the server answers.
    ///
    /// Of a fast server not all are ever in flight at once: the first is answered before the last is sent.
    package var floor: Int { max(1, slow / 2) }

    package var usual: Request { target?.request(patience: patience) ?? Request(path: "/", patience: patience) }

    /// What nearly every server answers at once, be it with 404.
    var root: Request {
        var request = usual
        (request.method, request.path, request.body, request.expectation) = ("GET", "/", "", nil)
        return request
    }

    /// What a pipelining client sends twice in one write.
    package var twice: Request { target == nil ? Request(path: "/report?ms=300", patience: patience) : usual }

    /// A big answer, or what the target has.
    package var big: Request {
        let patience = patience + .seconds(readerSeconds)
        return target?.request(patience: patience)
            ?? Request(path: "/report?ms=0&bytes=\(readerBytes)", patience: patience)
    }
}
