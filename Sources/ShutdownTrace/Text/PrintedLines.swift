/// The last lines that a program printed, and those before them in which it told of trouble.
package struct PrintedLines: Hashable, Sendable {
    /// The latest at the end; at most ``longest``.
    package private(set) var last: [String] = []
    /// Lines of trouble that made room for later ones; at most ``mostTrouble``.
    private var earlier: [String] = []
    /// How many of the last lines were printed before the shutdown, and say nothing of it.
    private var settled = 0

    package static let longest = 12
    private static let mostTrouble = 6

    package init() {}

    package mutating func add(_ line: String) {
        last.append(line)
        guard last.count > Self.longest else { return }
        let first = last.removeFirst()
        guard settled == 0 else { return settled -= 1 }
        if Trouble.isTold(in: first) { earlier = earlier.suffix(Self.mostTrouble - 1) + [first] }
    }

    /// Notes that the shutdown begins: what was told before is no trouble of it.
    package mutating func settle() {
        earlier = []
        settled = last.count
    }

    /// The lines in which it told of trouble, oldest first.
    package var trouble: [String] { earlier + last.dropFirst(settled).filter(Trouble.isTold) }

    /// The last lines, and first the lines of trouble that are not among them.
    package func shown(_ count: Int) -> [String] {
        let hidden = earlier + last.dropLast(count).dropFirst(settled).filter(Trouble.isTold)
        let first = Array(hidden.suffix(count / 2))
        return first + last.suffix(count - first.count)
    }
}
