import Foundation
import NIOCore
import NIOPosix
import Platform
import ShutdownTrace
import Synchronization

/// HAProxy in front of both instances, with a configuration made for the run.
///
/// It polls readiness itself; what it decided is read from its statistics (HAProxy management guide, section 9.3,
/// `show stat`) and told as the balancer's events.
final class HAProxy: Balancer {
    var port: Int { front.number }

    private let front: HeldPort
    private let statistics: HeldPort
    private let plan: BalancerPlan
    private let reporter: Reporter
    let companion: Companion
    private let configuration: String
    private let entries = [1: OneShotEvent(), 2: OneShotEvent()]
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// Between two looks at the statistics.
    private static let pause = Time.seconds(0.05)

    /// A HAProxy that does not run yet, for instances 1, 2 and so on at these ports.
    ///
    /// - Throws: ``ExperimentError/haproxyMissing``, or what a lack of ports throws.
    init(_ plan: BalancerPlan, instances: [Int], _ reporter: Reporter) throws(ExperimentError) {
        guard let executable = Self.find() else { throw .haproxyMissing }
        (front, statistics) = (try HeldPort(), try HeldPort())
        (self.plan, self.reporter) = (plan, reporter)
        configuration = Self.configuration(
            plan, port: front.number, statistics: statistics.number, instances: instances)
        companion = Companion(Launch(command: [executable, "-db", "-f", "/dev/stdin"]), reporter)
    }

    /// Where HAProxy is: PATH seldom has the folder in which Debian puts it.
    static func find(
        _ path: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
        besides: [String] = ["/usr/sbin", "/usr/local/sbin"]
    ) -> String? {
        (path.split(separator: ":").map(String.init) + besides).map { "\($0)/haproxy" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The text of a configuration that decides as ``BalancerProxy`` does.
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

    /// Both instances are in its configuration from the start.
    func add(_ instance: Int, port: Int) {}

    func change(to plan: BalancerPlan) -> Bool { false }

    func run(under sentry: Guard) async throws {
        try await companion.start(under: sentry, .silent, input: configuration)
        var views: [Int: HAProxyView] = [:]
        while !Task.isCancelled {
            if let status = companion.status {
                throw ExperimentError.haproxyEnded(status: status.words, lines: companion.lastLines)
            }
            take(HAProxyView.all(in: await show()), &views)
            guard (try? await reporter.clock.sleep(Self.pause)) != nil else { break }
        }
    }

    func stop() async {
        if companion.send(.terminate) { await companion.exited.wait(atMost: .seconds(1), reporter.clock) }
        await companion.release()
        try? await group.shutdownGracefully()
    }

    private func take(_ now: [Int: HAProxyView], _ before: inout [Int: HAProxyView]) {
        // Until its first look at a server, HAProxy takes it for one that is up.
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

/// What HAProxy thinks of one instance.
struct HAProxyView: Hashable, Sendable {
    var isIn: Bool
    /// Failed checks in a row while it is still in.
    var failures = 0
    /// It was looked at once.
    var isChecked: Bool
    /// The HTTP status of the last check, if there was an answer.
    var status: Int?
    /// The code of the last check, such as L4CON.
    var check: String

    /// The rows of the backend's servers, by their name, which is the instance's number.
    static func all(in text: String) -> [Int: HAProxyView] {
        let lines = text.split(separator: "\n")
        guard let head = lines.first, head.hasPrefix("# ") else { return [:] }
        let names = head.dropFirst(2).split(separator: ",", omittingEmptySubsequences: false)
        var views: [Int: HAProxyView] = [:]
        for line in lines.dropFirst() {
            let row = Dictionary(
                zip(names, line.split(separator: ",", omittingEmptySubsequences: false)), uniquingKeysWith: { $1 })
            guard row["pxname"] == "instances", let number = row["svname"].flatMap({ Int($0) }) else { continue }
            views[number] = HAProxyView(row)
        }
        return views
    }

    /// Reads the columns `status` ("UP", "UP 1/2" on its way down, "DOWN"), `check_status` and `check_code`.
    private init(_ row: [Substring: Substring]) {
        let words = (row["status"] ?? "").split { $0 == " " || $0 == "/" }
        isIn = words.first == "UP"
        if isIn, words.count == 3, let left = Int(words[1]), let all = Int(words[2]) { failures = all - left }
        check = String((row["check_status"] ?? "").drop { $0 == "*" || $0 == " " })
        isChecked = !["", "INI", "UNK"].contains(check)
        status = row["check_code"].flatMap { Int($0) }
    }

    /// The balancer's events that lead from one view to this one.
    func changes(since before: HAProxyView?, threshold: Int) -> [BalancerEvent] {
        let wasIn = before?.isIn ?? false
        switch (wasIn, isIn) {
        case (false, true):
            return [.probePassed(status: status, took: nil), .rotationEntered]
        case (true, false): return [failed(threshold, of: threshold), .rotationLeft(failures: threshold)]
        case (true, true) where failures > before?.failures ?? 0: return [failed(failures, of: threshold)]
        default: return []
        }
    }

    private func failed(_ count: Int, of threshold: Int) -> BalancerEvent {
        .probeFailed(
            .init(failures: count, threshold: threshold, status: status, cause: status == nil ? check : nil))
    }
}

/// Gathers what comes until the connection ends.
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
