import Foundation
import ShutdownTrace
import TestSupport
import Testing

@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `HAProxy in front` {
    static let isInstalled = HAProxy.find() != nil

    @Test func `is looked for where Debian puts it, and missed in a sentence`() {
        #expect(HAProxy.find("/nowhere:/neither", besides: []) == nil)
        let words = RunError.haproxyMissing.description
        #expect(words.contains("apt-get install haproxy"))
    }

    @Test(.enabled(if: isInstalled)) func `accepts the configuration that is made for it`() throws {
        let plan = BalancerPlan(interval: .seconds(0.3333), threshold: 3, path: "/healthz?deep=1&x=#y")
        let text = HAProxy.configuration(plan, port: 18_080, statistics: 18_081, instances: [18_082, 18_083])
        let folder = try TemporaryFolder()
        try text.write(toFile: folder.path + "/haproxy.cfg", atomically: true, encoding: .utf8)
        let check = Process()
        check.executableURL = URL(fileURLWithPath: try #require(HAProxy.find()))
        check.arguments = ["-c", "-f", folder.path + "/haproxy.cfg"]
        let pipe = Foundation.Pipe()
        check.standardError = pipe
        check.standardOutput = FileHandle.nullDevice
        try check.run()
        let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        check.waitUntilExit()
        #expect(check.terminationStatus == 0)
        #expect(words.isEmpty)
    }

    @Test func `is understood in what it thinks of each instance`() throws {
        let head = "# pxname,svname,status,check_status,check_code\n"
        func views(_ rows: String) -> [Int: HAProxyView] { HAProxyView.all(in: head + rows) }
        let start = views("clients,FRONTEND,OPEN,,\ninstances,1,UP,INI,\ninstances,2,UP,* L7OK,200\n")
        #expect(start[1]?.isChecked == false)
        #expect(start[2]?.isChecked == true)
        let up = try #require(views("instances,1,UP,L7OK,200\n")[1])
        let shaken = try #require(views("instances,1,UP 1/3,L7STS,503\n")[1])
        let down = try #require(views("instances,1,DOWN,L4CON,\n")[1])
        #expect(kinds(of: up.changes(since: nil, threshold: 3)) == [.probePassed, .rotationEntered])
        #expect(up.changes(since: up, threshold: 3).isEmpty)
        #expect(shaken.failures == 2)
        #expect(kinds(of: shaken.changes(since: up, threshold: 3)) == [.probeFailed])
        let left = down.changes(since: shaken, threshold: 3)
        #expect(kinds(of: left) == [.probeFailed, .rotationLeft])
        guard case .probeFailed(let probe)? = left.first else { return #expect(Bool(false), "\(left)") }
        #expect(probe.cause == "L4CON")
        #expect(HAProxyView.all(in: "nonsense").isEmpty)
    }
}
