import Foundation
import NIOCore
import NIOPosix
import Platform
import ShutdownTrace
import Synchronization

/// HAProxy in front of both instances, with a configuration made for the run.
///
/// HAProxy polls readiness itself. Its decisions are read from its statistics (HAProxy management guide, section 9.3,
/// `show stat`) and reported as the balancer's events.
final class HAProxy: Balancer {
    var port: Int { front.number }

    private let front: HeldPort
    private let statistics: HeldPort
    private let plan: BalancerPlan
    private let reporter: Reporter
    let process: SupervisedProcess
    private let configuration: String
    private let entries = [1: OneShotEvent(), 2: OneShotEvent()]
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private static let pause = Time.seconds(0.05)

    /// Prepares, but does not start, an HAProxy in front of the instances on these ports.
    init(
        _ plan: BalancerPlan, instances: [Int], under reaper: ProcessReaper, _ reporter: Reporter
    ) throws(RunError) {
        guard let executable = Self.find() else { throw .haproxyMissing }
        front = try HeldPort()
        statistics = try HeldPort()
        self.plan = plan
        self.reporter = reporter
        configuration = Self.configuration(
            plan, port: front.number, statistics: statistics.number, instances: instances)
        process = SupervisedProcess(
            Launch(command: [executable, "-db", "-f", "/dev/stdin"]), under: reaper, reporter)
    }

    /// The path of HAProxy; PATH seldom has the folder in which Debian puts it.
    static func find(
        _ path: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
        besides: [String] = ["/usr/sbin", "/usr/local/sbin"]
    ) -> String? {
        (path.split(separator: ":").map(String.init) + besides).map { "\($0)/haproxy" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A configuration that decides as ``BalancerProxy`` does.
    static func configuration(_ plan: BalancerPlan, port: Int, statistics: Int, instances: [Int]) -> String {
        let servers = instances.enumerated().map { "    server \($0 + 1) 127.0.0.1:\($1)\n" }.joined()
        return """
            global
                stats socket ipv4@127.0.0.1:\(statistics) level user
            defaults
                mode tcp
                retries 0
                timeout connect 5s
                timeout client 1h
                timeout server 1h
                timeout client-fin 1h
                timeout check \((plan.interval + .seconds(1)).microseconds)us
            frontend clients
                bind 127.0.0.1:\(port)
                default_backend instances
            backend instances
                balance roundrobin
                option httpchk
                http-check send meth GET uri '\(plan.path)' ver HTTP/1.1 hdr Host 127.0.0.1
                http-check expect status 200-299
                default-server check inter \(max(1, plan.interval.microseconds))us fall \(plan.threshold) rise 1
            \(servers)
            """
    }

    func entered(_ instance: Int) -> OneShotEvent { entries[instance] ?? OneShotEvent() }

    /// Does nothing: both instances are in the configuration from the start.
    func add(_ instance: Int, port: Int) {}

    func change(to plan: BalancerPlan) -> Bool { false }

    func run() async throws {
        try await process.start(.silent, input: configuration)
        var views: [Int: HAProxyView] = [:]
        while !Task.isCancelled {
            if let status = process.status {
                throw RunError.haproxyEnded(status: status.words, lines: process.lastLines)
            }
            take(HAProxyView.all(in: await show()), &views)
            guard (try? await reporter.clock.sleep(Self.pause)) != nil else { break }
        }
    }

    func stop() async {
        if process.send(.terminate) { await process.exited.wait(atMost: .seconds(1), reporter.clock) }
        await process.release()
        try? await group.shutdownGracefully()
    }

    private func take(_ now: [Int: HAProxyView], _ before: inout [Int: HAProxyView]) {
        // HAProxy counts a server as up until the first check.
        guard !now.isEmpty, now.values.allSatisfy(\.isChecked) else { return }
        for (instance, view) in now.sorted(by: { $0.key < $1.key }) {
            for event in view.changes(since: before[instance], threshold: plan.threshold) {
                reporter.tell(.balancer(event), from: .balancer, instance: instance)
            }
            if view.isIn { entries[instance]?.fire() }
        }
        before = now
    }

    /// The statistics as text; empty when it does not answer.
    private func show() async -> String {
        let promise = group.next().makePromise(of: String.self)
        let connecting = ClientBootstrap(group: group).connectTimeout(.seconds(1))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WholeAnswer(promise))
                }
            }.connect(host: "127.0.0.1", port: statistics.number)
        connecting.whenFailure { _ in promise.succeed("") }
        connecting.whenSuccess { $0.writeAndFlush(ByteBuffer(string: "show stat\n"), promise: nil) }
        return (try? await promise.futureResult.get()) ?? ""
    }
}

/// Collects bytes until the connection ends.
private final class WholeAnswer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<String>
    private var text = ""

    init(_ promise: EventLoopPromise<String>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) { promise.succeed(text) }
}
