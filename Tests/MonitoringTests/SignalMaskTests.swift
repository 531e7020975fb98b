import ShutdownTrace
import Testing

@testable import Monitoring
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `The signal masks` {
    @Test func `are read from the text of the kernel`() throws {
        let text = "Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000004002\n"
        let masks = SignalMasks(try #require(ProcFS.Status(bytes: Array(text.utf8))))
        #expect(masks.blocked == [.hangup])
        #expect(masks.ignored == [Signal(rawValue: 13)])
        #expect(masks.caught == [.interrupt, .terminate])
    }

    @Test func `of a process that is not there are nil`() {
        #expect(SignalMasks(pid: 999_999_999) == nil)
    }
}
