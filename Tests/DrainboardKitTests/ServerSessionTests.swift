import Clients
import Experiment
import Platform
import ShutdownTrace
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `A run of any server` {
    static let titles: [([String], String)] = [
        (["node", "server.js"], "node server.js"), (["/usr/bin/go", "run", "/srv/go/usual"], "go run usual"),
        (["sh", "-c", "exec node server.js"], "sh"), (["./server", "--port", "{port}"], "server"),
        (["java", "-jar", "a-name-that-is-much-too-long-for-a-title.jar"], "java"), ([], "server"),
    ]

    @Test(arguments: titles)
    func `is named by the first words of its command`(command: [String], title: String) {
        #expect(ServerSession.title(of: command) == title)
    }

    @Test func `listens where its URL says`() throws {
        let target = try Target(LocalURL("http://127.0.0.1:8080/slow"))
        #expect(try ServerSession(["true"], asking: target, by: Mix()).plan.port == 8080)
        #expect(try ServerSession(["true"], asking: target, by: Mix(), port: 8080).plan.port == 8080)
        #expect(try ServerSession(["true"], asking: nil, by: Mix(), port: 9090).plan.port == 9090)
    }

    @Test func `has no second port besides that of its URL`() throws {
        let target = try Target(LocalURL("http://127.0.0.1:8080/slow"))
        #expect(throws: RunError.badPlan("--port 81 and the URL's port 8080 differ. Leave --port away.")) {
            try ServerSession(["true"], asking: target, by: Mix(), port: 81)
        }
    }

    @Test func `is balanced only when its readiness check is known`() throws {
        let target = try Target(LocalURL("http://127.0.0.1:8080/slow"))
        var session = try ServerSession(["true"], asking: target, by: Mix())
        #expect(session.plan.balancer == nil)
        try session.balance("/ready", of: target)
        #expect(session.plan.balancer?.path == "/ready")
    }

    @Test func `gets the signal of its check once enough is under way`() throws {
        let target = try Target(LocalURL("http://127.0.0.1:8080/slow"))
        var session = try ServerSession(["true"], asking: target, by: Mix())
        session.check(.quit, after: nil)
        let floor = session.plan.workload.floor
        #expect(session.plan.signals.map(\.signal) == [.quit])
        #expect(session.plan.signals.first?.condition == .underWay(floor))
        session.check(.terminate, after: .seconds(3))
        #expect(session.plan.signals.first?.condition == .inFlight(floor))
        #expect(session.plan.signals.first?.after == .seconds(3))
    }
}
