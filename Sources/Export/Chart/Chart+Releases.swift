internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// The resources, last acquired first: when each was told to take nothing new, and when it was released.
extension Chart {
    /// Rows at most.
    static let mostResources = 24

    func drawReleases(_ drawing: inout Drawing, _ start: Double) -> Double {
        let stack = board.resources.stack
        guard !stack.isEmpty else { return start }
        heading(&drawing, "released, last in first out", start + 16)
        var y = start + 28
        for resource in stack.reversed().prefix(Self.mostResources) {
            draw(resource, &drawing, y)
            y += Self.row
        }
        if stack.count > Self.mostResources {
            drawing.text("and \(stack.count - Self.mostResources) more", x: Self.margin, y: y + 11, .faint)
            y += Self.row
        }
        return y + 8
    }

    private func draw(_ resource: Resource, _ drawing: inout Drawing, _ y: Double) {
        drawing.text("\(resource.index) \(resource.name)", x: Self.margin, y: y + 11, columns: 23)
        let end = board.process.exit?.at ?? board.time
        var begin = summary.releasingAt[resource.name]
        var finish = end
        var isDone = false
        switch resource.state {
        case .inUse, .quiesced: begin = nil
        case .releasing(let since): begin = since
        case .released(let at, let took):
            begin = begin ?? at - took
            finish = at
            isDone = true
        case .failed(let at, _): finish = at
        }
        if let quiesced = summary.quiescedAt[resource.name], quiesced < begin ?? end {
            drawing.bar(from: x(quiesced), to: x(begin ?? end), y: y, .dotted, .normal)
        }
        if let begin {
            drawing.bar(from: x(begin), to: x(finish), y: y, isDone ? .solid : .hatched, isDone ? .normal : .loss)
        }
        let (text, ink) = words(resource, begin)
        drawing.text(text, x: Self.words, y: y + 11, ink, columns: 15)
        guard isDone else { return }
        drawing.text(clock.text(finish), x: Self.width - Self.margin, y: y + 11, .faint, anchor: .end, columns: 10)
    }

    private func words(_ resource: Resource, _ begin: Time?) -> (String, Style.Ink) {
        switch resource.state {
        case .released(let at, let took): ("✓ \((begin.map { at - $0 } ?? took).words)", .normal)
        case .failed: ("✗ failed", .loss)
        case .releasing: ("✗ not done", .loss)
        case .inUse, .quiesced: board.process.isGone ? ("✗ never began", .loss) : ("· in use", .faint)
        }
    }
}
