import ShutdownTrace

/// What is sent to a server of which nothing is known but one URL.
extension Workload {
    /// All kinds of work for a server of which nothing is known but one URL.
    ///
    /// A kind that the server shows not to take before the first signal is given up and reported as `work.skipped`.
    /// WebSockets are only opened where the target has a path for them.
    package static func any(target: Target, mix: Mix = Mix()) -> Workload {
        var workload = Workload(rate: 0, mix: [])
        workload.target = target
        workload.slow = mix.slow
        workload.fresh = mix.new
        workload.idleConnections = mix.idle
        workload.silent = mix.silent
        workload.halfSent = mix.half
        workload.pipelined = mix.pipelined
        workload.slowReaders = mix.reader
        workload.slowUploads = mix.upload
        workload.websockets = target.webSocket == nil ? 0 : mix.websocket
        workload.readerSeconds = 1
        return workload
    }

    /// How many connections the clients have open at once, in the usual course of things.
    package var connections: Int {
        let held =
            websockets + idleConnections + slowReaders + silent + halfSent + pipelined + slowUploads + strays + racers
        let weight = mix.reduce(0) { $0 + $1.weight }
        let seconds = mix.reduce(0) { sum, share in
            sum + share.weight * (share.errand.range.map { ($0.lowerBound + $0.upperBound) / 2 } ?? 0.05)
        }
        let arriving = weight > 0 ? rate * seconds / weight : 0
        let kept = Set(mix.map(\.errand.kind)).count * ConnectionPool.mostIdle
        // A newcomer is there for a second or so.
        return held + slow + fresh + Int(arriving * 1.3) + kept
    }

    /// The number of requests in flight that a signal may wait for.
    ///
    /// A fast server never has all of them at once: it answers the first before the last is sent.
    package var floor: Int { max(1, slow / 2) }

    var usual: Request { target?.request(patience: patience) ?? Request(path: "/", patience: patience) }

    /// The request that a pipelining client sends twice in one write.
    var twice: Request { target == nil ? Request(path: "/report?ms=300", patience: patience) : usual }

    /// The request for a big answer, or for what the target has.
    var big: Request {
        let patience = patience + .seconds(readerSeconds)
        return target?.request(patience: patience)
            ?? Request(path: "/report?ms=0&bytes=\(readerBytes)", patience: patience)
    }
}
