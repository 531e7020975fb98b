import Screen
import ShutdownBoard
import ShutdownTrace

/// Numbers: the same thing has one number on a picture, and it is what happened.
extension Claim {
    static let counts: [Claim] = [
        Claim("one number of requests in flight") { picture in
            guard picture.board.deploy == nil else { return nil }
            let numbers =
                picture.numbers(before: " in flight") + picture.numbers(after: "─ in flight ") + picture.waitedRequests
                + picture.listenerLeft
            return Set(numbers).count > 1 ? "in flight: \(numbers)" : nil
        },
        Claim("one number of requests of the first instance") { picture in
            guard picture.board.deploy != nil, let waited = picture.waitedRequests.first else { return nil }
            let numbers = picture.numbers(before: " of instance 1")
            return numbers.contains { $0 != waited } ? "waits for \(waited), and \(numbers) are of it" : nil
        },
        Claim("a request that never got in is not in flight") { picture in
            guard picture.board.deploy == nil, !picture.board.process.isGone else { return nil }
            let open = picture.run.outcome.open(after: picture.event)
            let inside = open.filter {
                $0.start.event < picture.run.outcome.listenerClosed?.event ?? .max && $0.end?.fate.isUnsent != true
                    && $0.handedOver.map { $0.event > picture.event } ?? true
            }.count
            guard let wrong = picture.numbers(before: " in flight").first(where: { $0 > open.count || $0 < inside })
            else {
                guard inside == 0, let shown = picture.waitedRequests.first, shown > 0 else { return nil }
                return "waits for \(shown) requests, and none of them will get in"
            }
            return "\(wrong) in flight, \(inside) of \(open.count) are or will be in"
        },
        Claim("nothing to wait for means nothing in flight") { picture in
            guard picture.line(with: "waiting for nothing") != nil else { return nil }
            let count = picture.board.requests.inFlight.count
            return count > 0 ? "waiting for nothing with \(count) in flight" : nil
        },
        Claim("the parts of a number add up to it") { picture in
            for label in ["in flight at the signal ", "came after the signal "] {
                guard let line = picture.lines.first(where: { $0.contains(label) }), picture.size.columns >= 200,
                    let range = line.firstRange(of: label)
                else { continue }
                let parts = line[range.upperBound...].split(separator: "   ", maxSplits: 1)
                guard parts.count == 2, let whole = Int(parts[0].filter(\.isNumber)) else { continue }
                let sum = parts[1].split(separator: ", ").compactMap { part in
                    Int(part.drop { $0 == " " }.prefix { $0.isNumber })
                }.reduce(0, +)
                if sum != whole { return "\(whole) is not \(sum): \(line)" }
            }
            return nil
        },
        Claim("an idle wait has nothing in flight") { picture in
            guard let line = picture.line(with: "nothing left to do") else { return nil }
            let open = picture.run.outcome.exit.map { picture.run.outcome.open(after: $0.event - 1) } ?? []
            return open.contains { $0.end?.fate.isLoss == true } ? "with \(open.count) in flight: \(line)" : nil
        },
    ]
}

extension Picture {
    /// The requests that the row of the listener says are left.
    fileprivate var listenerLeft: [Int] {
        guard let row = line(with: " listener  "), let range = row.firstRange(of: " left ") else { return [] }
        let digits = row[..<range.lowerBound].reversed().prefix { $0.isNumber || $0 == "," }
        return Int(String(digits.reversed().filter(\.isNumber))).map { [$0] } ?? []
    }

    /// The requests that the first line says the server waits for.
    var waitedRequests: [Int] {
        guard says("waiting for ") else { return [] }
        return lines.flatMap { line -> [Int] in
            guard let range = line.firstRange(of: "waiting for "),
                let number = Int(line[range.upperBound...].prefix { $0.isNumber })
            else { return [] }
            let rest = line[range.upperBound...].drop { $0.isNumber }
            return rest.hasPrefix(" request") ? [number] : []
        }
    }
}
