import NIOCore
import Platform
import ShutdownTrace

/// Clients that read a big answer slowly, and those of them that begin another request while the server drains.
extension TrafficGenerator {
    func keepReadingSlowly(_ kind: ClientKind) async {
        await keep(kind, every: .seconds(0.5)) {
            let id = requests.newID()
            let start = begin(
                id, workload.big, kind: kind, expected: workload.target == nil ? workload.readerSeconds : nil)
            let outcome = await readSlowly(workload.big, id, isLateWriter: kind == .stray)
            finish(id, outcome, since: start)
            if outcome.fate.isWhole, outcome.bytes < Self.readable {
                skip(kind, because: "the answer of \(outcome.bytes) bytes is too short to be read slowly")
            }
        }
    }

    /// What the kernel's buffers take at once is not read slowly, whatever the client does.
    private static let readable = 262_144

    /// Reads in small chunks, at a pace at which the whole answer takes the time that it should.
    private func readSlowly(_ request: Request, _ id: Int, isLateWriter: Bool) async -> Outcome {
        let connection: (channel: any Channel, exchange: Exchange)
        do { connection = try await connect(isSlow: true) } catch { return Outcome(connecting: error) }
        let channel = connection.channel
        held.add(id, slowReader: channel)
        if isLateWriter {
            held.add(id, lateWriter: connection.exchange)
            if held.isDraining { writeLate(id) }
        }
        let chunks = max(1, workload.readerBytes / Dialer.slowChunk)
        let pause = max(1, Int64(workload.readerSeconds * 1_000_000) / Int64(chunks))
        let reads = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .microseconds(pause)) { _ in channel.read() }
        let outcome = await send(request, id: id, over: connection.exchange)
        reads.cancel()
        held.remove(id)
        connection.exchange.close()
        return outcome
    }

    /// The server drains: late writers begin a request that nobody will read, once the server has stopped reading.
    package func draining() { for id in held.beginDraining() { writeLate(id) } }

    private func writeLate(_ id: Int) {
        loop.assumeIsolated().scheduleTask(in: .microseconds(workload.strayDelay.microseconds)) {
            self.assumeIsolated {
                $0.held.lateWriter(id)?.write("GET / HTTP/1.1\r\nHost: \($0.dialer.host)\r\n")
            }
        }
    }
}
