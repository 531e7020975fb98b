import Foundation
import TestSupport
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct `A folder that belongs to a process` {
    private let place: TestSupport.TemporaryFolder

    init() throws { place = try TestSupport.TemporaryFolder() }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? [] }

    @Test func `stays while the process lives, and is swept once its lock is gone`() throws {
        var folder: OwnedFolder? = try OwnedFolder(making: OwnedFolder.freshPath(in: place.path))
        try Data().write(to: URL(filePath: (try #require(folder)).path + "/ledger.sqlite"))
        OwnedFolder.sweep([place.path])
        #expect(names.count == 1)
        folder = nil
        OwnedFolder.sweep([place.path])
        #expect(names.isEmpty)
    }

    @Test func `is the only thing that a sweep touches`() throws {
        let others = ["drainboard-12-34", "drainboard-12.xyz", "drainboard-", "other", "drainboard-1.2"]
        for name in others.dropLast() {
            try FileManager.default.createDirectory(atPath: place.path + "/" + name, withIntermediateDirectories: false)
        }
        // A file and a link of such a name are nobody's folder.
        try Data().write(to: URL(filePath: place.path + "/drainboard-1.2"))
        symlink(place.path + "/other", place.path + "/drainboard-1.3")
        OwnedFolder.sweep([place.path])
        #expect(names.sorted() == (others + ["drainboard-1.3"]).sorted())
    }

    @Test func `is not made where nothing can be written`() {
        #expect(throws: RunError.cannotMakeDirectory(path: "/proc/x", cause: "No such file or directory")) {
            try OwnedFolder(making: "/proc/x")
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `The kind of a machine` {
    @Test func `has neither its name nor the user's`() {
        #expect(Program.host.wholeMatch(of: /Linux \S+, \S+, \d+ processors?/) != nil)
    }
}
