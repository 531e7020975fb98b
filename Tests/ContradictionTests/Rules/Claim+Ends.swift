import Screen
import ShutdownBoard
import ShutdownTrace

/// Ends: what is said to be over is over, and a judgement is not taken back.
extension Claim {
    static let ends: [Claim] = [
        Claim("gone is gone") { picture in
            guard picture.says("GONE"), !picture.says("PARENT GONE"), !picture.run.outcome.hasDeploy else { return nil }
            // The last words of a server may be read a moment after its exit.
            let later = picture.run.outcome.requests.filter {
                $0.handedOver.map { $0.time > picture.now + .milliseconds(50) } ?? false
            }
            return later.isEmpty ? nil : "\(later.count) requests are answered later"
        },
        Claim("nothing is over while a process goes on") { picture in
            guard picture.says("PARENT GONE") else { return nil }
            return picture.line(with: "never released") ?? picture.line(with: "never done")
                ?? picture.line(with: "never began")
        },
        Claim("no limit runs after the exit") { picture in
            picture.board.process.isGone
                ? picture.line(with: "then SIGKILL") ?? picture.line(with: "then what is") : nil
        },
        Claim("no verdict before everything was looked at") { picture in
            guard let word = picture.word, picture.run.outcome.end.map({ picture.event < $0 }) ?? false else {
                return nil
            }
            return "\(word.rawValue) while somebody still looks"
        },
        Claim("no verdict is taken back") { picture in
            // An explanation may name the words of other runs.
            guard picture.view.overlay == nil else { return nil }
            guard let word = picture.word, let last = picture.run.verdict, word != last else { return nil }
            return "\(word.rawValue), and at the end \(last.rawValue)"
        },
        Claim("out of rotation is out of rotation") { picture in
            guard !picture.board.process.isGone, picture.board.rotation.isIn else { return nil }
            // The station that is passed has no mark on a wide screen; a deploy has a row for the first instance.
            let isPassed = picture.says("━━ out of rotation") || picture.says("━rotation") || picture.says("✓ out of")
            let row = picture.lines.first { $0.contains("·1 ") && $0.contains("out of rotation") }
            return isPassed || row != nil ? "the balancer still sends requests there" : nil
        },
        Claim("any moment now is soon") { picture in
            guard picture.line(with: "any moment now") != nil, picture.board.deploy == nil else { return nil }
            let last = picture.run.outcome.open(after: picture.event).compactMap { $0.end?.time }.max()
            guard let last, last > picture.now + .seconds(1) else { return nil }
            return "it takes \((last - picture.now).words)"
        },
        Claim("what did its work has begun") { picture in
            guard picture.board.process.isGone else { return nil }
            func isBefore(_ place: (event: Int, time: Time)?) -> Bool {
                guard let place, let exit = picture.run.outcome.exit else { return false }
                return place.event <= picture.event && place.time <= exit.time
            }
            guard picture.says("never ") else { return nil }
            let parts = picture.lines.flatMap { $0.split(separator: ";") }
            for part in parts where part.contains("never began") || part.contains("never released") {
                let isTold =
                    picture.board.websockets.atSignal > 0
                    && picture.board.websockets.closedClean == picture.board.websockets.atSignal
                if part.contains("websockets"), isTold { return String(part) }
                if part.contains("rotation"), isBefore(picture.run.outcome.leftRotation) { return String(part) }
                if part.contains("listener"), isBefore(picture.run.outcome.listenerClosed) { return String(part) }
            }
            return nil
        },
    ]
}

extension Picture {
    /// The word of the verdict that the picture shows.
    var word: Verdict.Word? {
        guard board.process.isGone else { return nil }
        let words = Set(
            lines.flatMap { $0.split { !$0.isLetter && $0 != "-" }.map(String.init) })
        return Verdict.Word.allCases.first { words.contains($0.rawValue) }
    }
}

extension Recorded {
    var verdict: Verdict.Word? { outcome.end == nil ? nil : Judge(last).verdict.word }
}
