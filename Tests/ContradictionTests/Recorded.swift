import Foundation
import Lessons
import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

/// A recording with all that is known at its end.
struct Recorded: CustomTestStringConvertible, Sendable {
    let name: String
    let header: Header
    let events: [Event]
    let outcome: Outcome
    /// The board after the last event.
    let last: Board
    /// The lesson that it plays; nil for another server.
    let playing: Playing?

    var testDescription: String { name }

    init(_ file: URL) throws {
        name = file.deletingPathExtension().lastPathComponent
        var reader = TraceReader()
        let items = reader.read([UInt8](try Data(contentsOf: file))) + reader.end()
        let headers = items.compactMap { if case .header(let header) = $0 { header } else { nil } }
        let events = items.compactMap { if case .event(let event) = $0 { event } else { nil } }
        header = try #require(headers.first)
        self.events = events
        outcome = Outcome(events)
        last = Board(header: header, events)
        playing = Scenario.shown(in: header).map { Playing($0.scenario.lesson, isMended: $0.isMended) }
    }

    /// Every recording of the demo.
    static let all: [Recorded] = {
        let folder = URL(filePath: #filePath).appending(path: "../../../demo/recordings").standardized
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }.compactMap {
            try? Recorded($0)
        }
    }()
}
