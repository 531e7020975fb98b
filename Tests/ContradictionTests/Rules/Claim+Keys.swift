import Screen
import ShutdownBoard
import ShutdownTrace

@testable import Screen

/// Keys: what a picture says to press does what is said.
extension Claim {
    static let keys: [Claim] = [
        Claim("each key of the footer does something") { picture in
            let bindings = Keymap.bindings(for: picture.view.overlay, ofPair: false)
            for binding in bindings where binding.works(picture.view, picture.situation) {
                guard binding.label(picture.view, picture.situation) != nil, let key = binding.keys.first else {
                    continue
                }
                let isActing = binding.keys.contains { key in
                    var view = picture.view
                    let effect = view.press(key, on: picture.board, now: picture.now, size: picture.size)
                    // A key that does nothing says so.
                    view.notice = picture.view.notice
                    return effect != nil || view != picture.view
                }
                if !isActing { return "\(key) (\(binding.name)) does nothing" }
            }
            return nil
        },
        Claim("the page of a request has its fate") { picture in
            guard case .request(let id, _)? = picture.view.overlay, let line = picture.line(with: "│ fate ") else {
                return nil
            }
            let known = picture.run.outcome.requests.last { $0.id == id && $0.start.event <= picture.event }
            guard let known else { return "request \(id) has not begun: \(line)" }
            guard let end = known.end, end.event <= picture.event else {
                return line.contains("still in flight") ? nil : "request \(id) is in flight: \(line)"
            }
            return line.contains(" \(end.fate.words) after ")
                ? nil : "request \(id) ended in \(end.fate.words): \(line)"
        },
        Claim("a text names keys that work") { picture in
            guard picture.says("ress ") else { return nil }
            for line in picture.lines.dropLast() {
                for range in line.ranges(of: "press ") + line.ranges(of: "Press ") {
                    let rest = line[range.upperBound...]
                    guard let letter = rest.first, rest.dropFirst().first.map({ !$0.isLetter }) ?? true, letter.isLetter
                    else {
                        continue
                    }
                    var view = picture.view
                    let effect = view.press(.character(letter), on: picture.board, now: picture.now, size: picture.size)
                    view.notice = picture.view.notice
                    if effect == nil, view == picture.view { return "\(letter) does nothing: \(line)" }
                }
            }
            return nil
        },
        Claim("the first lines name the key of the lesson") { picture in
            guard let lesson = picture.run.playing?.lesson, picture.look == .live, picture.board.phase == .serving,
                picture.board.stopSignal == nil
            else { return nil }
            let isTerminate = picture.says("press t") || picture.says(" t stops it")
            return isTerminate && lesson.signal != .terminate
                ? "press t, and the lesson wants \(lesson.signal.name)" : nil
        },
    ]
}
