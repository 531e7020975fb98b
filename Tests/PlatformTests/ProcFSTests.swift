import Foundation
import Glibc
import ShutdownTrace
import TestSupport
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `What the kernel says of a process` {
    static let tail =
        " R 7 8 9 0 -1 4194564 0 0 0 0 0 0 0 0 20 0 3 0 4242 0 0 18446744073709551615"
        + String(repeating: " 0", count: 26) + " 1792 \n"

    @Test(arguments: ["sh", "a b", "a) R 1 2", "(((", "", "x)\n) Z 1"])
    func `is read whatever its name is`(name: String) throws {
        let stat = try #require(ProcFS.Stat(bytes: Array("12 (\(name))\(Self.tail)".utf8)))
        #expect(stat.pid == 12)
        #expect(stat.state == "R")
        #expect(stat.parent == 7 && stat.group == 8 && stat.session == 9)
        #expect(stat.threads == 3)
        #expect(stat.start == 4242)
        #expect(stat.isExiting)
        #expect(stat.exitStatus == 1_792)
    }

    @Test func `is nil when it is cut short anywhere`() {
        let whole = Array("12 (sh)\(Self.tail)".utf8)
        for count in 0..<(whole.count - 40) { #expect(ProcFS.Stat(bytes: Array(whole[..<count])) == nil) }
    }

    @Test func `is right about this one`() throws {
        let me = Int(getpid())
        let stat = try #require(ProcFS.Stat(pid: me))
        #expect(stat.pid == me)
        #expect(stat.parent == Int(getppid()))
        #expect(stat.group == Int(getpgrp()))
        #expect(!stat.isOver)
        #expect(!stat.isExiting)
        #expect(try #require(ProcFS.Status(pid: me)).process == me)
        #expect(ProcFS.numbers(in: "/proc").contains(me))
        #expect(try #require(ProcFS.lastPid) > 0)
    }

    @Test func `is its command without the folder, and without its title's slashes cut`() async throws {
        let tree = try Tree("exec sleep 333.1")
        defer { tree.end() }
        try await until { ProcFS.command(of: tree.pid) == "sleep 333.1" }
        let titled = try Tree(#"exec perl -e '$0 = "master: /usr/sbin/x"; $| = 1; print "up\n"; sleep 100'"#)
        defer { titled.end() }
        try titled.wait("up")
        #expect(ProcFS.command(of: titled.pid) == "master: /usr/sbin/x")
    }

    @Test func `of nobody is nothing`() {
        #expect(ProcFS.Stat(pid: 999_999_999) == nil)
        #expect(ProcFS.Status(pid: 999_999_999) == nil)
        #expect(ProcFS.numbers(in: "/no/such/folder").isEmpty)
        #expect(ProcFS.command(of: 999_999_999) == "(999999999)")
    }
}
