internal import ShutdownTrace

/// What happened against a server's own word that a step is done.
package struct Doubt: Hashable, Sendable {
    /// "3 requests were cut".
    package var long: String
    /// "3 cut".
    package var short: String
}

extension Board {
    /// Whether the purpose of a release was reached although the server never said that it released the resource.
    package func isDoneUnsaid(_ resource: Resource) -> Bool {
        switch resource.name {
        case .rotation: rotation.leftAt.map { left in process.exit.map { left <= $0.at } ?? true } ?? false
        case .websockets: websockets.atSignal > 0 && websockets.closedClean >= websockets.atSignal
        default: false
        }
    }

    /// What speaks against it that the release of this resource went as the server says; nil where nothing does.
    package func doubt(of resource: Resource) -> Doubt? {
        switch resource.name {
        case .listener:
            let lost = requests.fatesAtSignal.total(of: \.isLoss)
            return lost == 0 ? nil : Doubt(long: "\(lost.grouped) got no answer", short: "\(lost.grouped) lost")
        case .workers:
            let count = jobs.abandoned
            return count == 0 ? nil : Doubt(long: "\(counted(count, "job")) given up", short: "\(count.grouped) lost")
        case .websockets:
            let cut = websockets.closedDirty
            return cut == 0 ? nil : Doubt(long: "\(cut.grouped) closed without goodbye", short: "\(cut.grouped) cut")
        case .log:
            guard let lost = log.lost, lost > 0, !remains.wereEnded else { return nil }
            return Doubt(long: "\(counted(lost, "line")) missing", short: "\(lost.grouped) lost")
        default: return nil
        }
    }
}
