package import Experiment
import Foundation
import Platform
import Player
import ShutdownBoard
import ShutdownTrace

/// One run of the list: what its recording tells.
package struct RunEntry {
    /// How much of the run its recording holds.
    package enum Extent: String, Encodable {
        /// All of it.
        case whole
        /// The program that makes it still writes.
        case writing
        /// It breaks off before the end of its run.
        case cut
        /// Nothing.
        case empty
    }

    package let run: StoredRun
    package let name: String
    package let extent: Extent
    let board: Board
    /// Moments that a person marked.
    let marks: Int

    /// Reads the recording.
    package init(_ run: StoredRun, name: String) {
        self.run = run
        self.name = name
        // Whether somebody writes is asked first: a run that ends meanwhile is then whole.
        let isBeingWritten = run.isBeingWritten
        var board = Board()
        var hasEnded = false
        RunEntry.read(run.path) { item in
            board.apply(item)
            if case .event(let event) = item, event.kind == .runEnded { hasEnded = true }
        }
        self.board = board
        marks = run.isMarked ? Marks(of: run.path).positions.count : 0
        extent = hasEnded ? .whole : isBeingWritten ? .writing : board.header == nil ? .empty : .cut
    }

    /// The word of the verdict; nil where the end of the run is not there to be judged.
    var verdict: Verdict? { extent == .whole ? Judge(board).verdict : nil }

    private static func read(_ path: String, _ take: (TraceReader.Item) -> Void) {
        guard let handle = FileHandle(forReadingAtPath: path) else { return }
        var reader = TraceReader()
        while let bytes = try? handle.read(upToCount: 1 << 20), !bytes.isEmpty {
            bytes.withUnsafeBytes { bytes in reader.read(bytes) { take($0) } }
        }
        for item in reader.end() { take(item) }
        try? handle.close()
    }
}

extension RunLibrary {
    /// All runs with what their recordings tell, newest first.
    package var entries: [RunEntry] { runs.map(entry) }

    package func entry(_ run: StoredRun) -> RunEntry { RunEntry(run, name: name(of: run)) }

    /// The newest run of which there is anything to show.
    package var newest: RunEntry? {
        for run in runs {
            let entry = entry(run)
            if entry.extent != .empty { return entry }
        }
        return nil
    }
}
