internal import Export
internal import Foundation
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// Makes the text of an export from a recording that can be read more than once.
struct ExportArtist {
    let command: ExportCommand
    let source: ExportSource
    let survey: Survey

    private var board: Board { survey.board }
    private var theme: Theme { Theme.all.first { $0.name == command.theme } ?? .dark }

    func text() throws -> String {
        switch command.format {
        case .svg where command.timeline:
            return Chart(survey, theme: theme).svg
        case .svg:
            let (frame, moment) = try still()
            return Still(frame, of: board, at: moment, theme: theme).svg
        case .markdown:
            let (frame, moment) = try still()
            return Incident(board, frame: frame, at: moment).markdown
        case .html:
            return Page(survey, try film(), theme: theme).html
        case .asciicast:
            return Cast(board, try film(), theme: theme).text
        }
    }

    private func still() throws -> (frame: Frame, moment: Time) {
        var snapshot = Snapshot(at: try moment(), size: command.size.size)
        _ = try source.play(header: { snapshot.apply($0) }, event: { snapshot.apply($0) })
        return (snapshot.frame, snapshot.moment)
    }

    private func film() throws -> Film {
        var camera = Camera(moments: survey.moments(), size: command.size.size)
        _ = try source.play(header: { camera.apply($0) }, event: { camera.apply($0) })
        return camera.finish()
    }

    private func moment() throws -> Time {
        switch command.at {
        case nil: return survey.tellingMoment
        case .sinceStart(let seconds)?: return .seconds(seconds)
        case .sinceSignal(let seconds)?:
            guard let signal = board.stopSignal else {
                throw Failure("\(command.file) has no signal. Give --at in seconds since the start of the run.")
            }
            return signal.at + .seconds(seconds)
        }
    }
}

/// A recording on disk, played from its start as often as needed; memory does not grow with it.
struct ExportSource {
    let file: String

    /// - Returns: What cannot be read: "line 12: …", at most ``mostProblems`` and then a count.
    /// - Throws: `Failure` when the file cannot be opened or read.
    func play(header: (Header) -> Void, event: (Event) -> Void) throws -> [String] {
        let handle = try open()
        defer { try? handle.close() }
        var reader = TraceReader()
        var problems: [String] = []
        var more = 0
        func take(_ item: TraceReader.Item) {
            switch item {
            case .header(let found): header(found)
            case .event(let found): event(found)
            case .problem(let line, let text):
                if problems.count < Self.mostProblems { problems.append("line \(line): \(text)") } else { more += 1 }
            }
        }
        while true {
            let piece: Data?
            do { piece = try handle.read(upToCount: 1 << 20) } catch {
                throw Failure("Cannot read \(file): \(error.localizedDescription)")
            }
            guard let piece, !piece.isEmpty else { break }
            piece.withUnsafeBytes { bytes in reader.read(bytes) { take($0) } }
        }
        for item in reader.end() { take(item) }
        return more == 0 ? problems : problems + ["and \(more) more lines that cannot be read"]
    }

    private func open() throws -> FileHandle {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), isDirectory.boolValue {
            throw Failure("\(file) is a folder. Name a trace in it.")
        }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw Failure("Cannot open \(file): \(String(cString: strerror(errno))).")
        }
        return handle
    }

    private static let mostProblems = 20
}
