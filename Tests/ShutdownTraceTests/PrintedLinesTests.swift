import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `Lines that a program printed` {
    @Test(arguments: [
        "12 jobs lost", "could not close connections in time", "ERROR: worker 3", "ValueError: bad port",
        "java.lang.IllegalStateException: closed", "panic: send on closed channel", "forced exit after 1000 ms",
        "[CRITICAL] WORKER TIMEOUT (pid:7)", "shutdown timed out", "Failed to drain", "Error: no such database",
    ])
    func `tell of trouble`(line: String) { #expect(Trouble.isTold(in: line)) }

    @Test(arguments: [
        "0 jobs lost", "no errors", "draining with timeout 10s", "timeout=30", "GET /slow HTTP/1.1 200", "bye",
        "closed without error",
    ])
    func `tell of none`(line: String) { #expect(!Trouble.isTold(in: line)) }

    @Test func `are the last ones, after the trouble that they pushed out`() {
        var printed = PrintedLines()
        printed.add("Error: listen EADDRINUSE")
        for number in 1...40 { printed.add("    at frame \(number)") }
        #expect(printed.last.count == PrintedLines.longest)
        #expect(printed.trouble == ["Error: listen EADDRINUSE"])
        #expect(printed.shown(3) == ["Error: listen EADDRINUSE", "    at frame 39", "    at frame 40"])
        #expect(printed.shown(0).isEmpty)
    }

    @Test func `tell nothing of a shutdown that came after them`() {
        var printed = PrintedLines()
        printed.add("an error before")
        printed.settle()
        for number in 1...40 { printed.add("line \(number)") }
        #expect(printed.trouble.isEmpty)
        printed.add("3 requests lost")
        #expect(printed.trouble == ["3 requests lost"])
    }
}
