internal import ShutdownBoard
internal import ShutdownTrace

/// The instances of a deploy, a line for each: where it stands, whether it gets new requests, how much it served.
struct DeployPane {
    let scene: Scene

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        let instances = instances
        if rect.rows == 1 { return drawLine(&canvas, instances, rect) }
        // The latest instances have a row where there are too many.
        let rows = max(1, rect.rows - 1)
        for (index, instance) in instances.suffix(rows).enumerated() {
            drawRow(&canvas, instance, rect.row + index, rect)
        }
        drawSum(&canvas, rect)
    }

    /// A client that is refused or cut off before an answer cannot tell by which instance: only the sum is known.
    private func drawSum(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 1 else { return }
        let column = rect.column + (rect.columns >= 100 ? 2 : 1)
        guard let deploy = scene.board.deploy else {
            let text = "both  counted from the moment when the deploy begins"
            canvas.put(text, rect.bottom - 1, column, Style(.faint), width: rect.columns - 2)
            return
        }
        let what = deploy.isRestart ? "since the first one was gone" : "since the deploy began"
        let text = "both  \(deploy.failed.grouped) failed of \(deploy.total.grouped) \(what)"
        canvas.put(
            text, rect.bottom - 1, column,
            deploy.failed > 0 ? Style(.loss, .bold) : .plain, width: rect.columns - 2)
    }

    /// Before the deploy begins: the server that there is, and one that is to come.
    private var instances: [Deploy.Instance] {
        guard scene.board.deploy == nil else { return scene.board.instances }
        var first = Deploy.Instance(number: 1)
        first.take(scene.board.process)
        first.isInRotation = scene.board.rotation.isIn
        return [first, Deploy.Instance(number: 2)]
    }

    private func drawRow(
        _ canvas: inout Canvas, _ instance: Deploy.Instance, _ row: Int, _ rect: Rect
    ) {
        let isWide = rect.columns >= 100
        let end = rect.right - 1
        let (mark, word, style) = look(instance)
        var column = canvas.put("·\(instance.number) ", row, rect.column + (isWide ? 2 : 1), Style(.normal, .bold))
        column = canvas.put("\(mark) \((word + " ").padded(right: 21))", row, column, style, width: end - column)
        let rotation = instance.isInRotation ? "in rotation" : "out of rotation"
        guard instance.state != .absent else { return }
        column = canvas.put(rotation.padded(right: 17), row, column, width: end - column)
        guard scene.board.deploy != nil else { return }
        let served = "served \(instance.served.grouped.padded(left: 6))"
        column = canvas.put(served, row, column, width: end - column)
        guard isWide else { return }
        let place = [instance.pid.map { "pid \($0)" }, instance.port.map { "127.0.0.1:\($0)" }].compactMap { $0 }
        canvas.putRight(place.joined(separator: " · "), row, from: column + 2, to: end, Style(.faint))
    }

    /// Both in one line.
    private func drawLine(_ canvas: inout Canvas, _ instances: [Deploy.Instance], _ rect: Rect) {
        let texts = instances.map { instance in
            let (_, word, _) = look(instance)
            return "·\(instance.number) \(word)\(instance.isInRotation ? ", in" : ", out") \(instance.served.grouped)"
        }
        canvas.put(texts.joined(separator: "   "), rect.row, rect.column + 1, width: rect.columns - 1)
    }

    /// The first instance is the one whose shutdown is shown, so its word is the phase.
    private func look(_ instance: Deploy.Instance) -> (mark: String, word: String, style: Style) {
        let glyphs = scene.glyphs
        switch instance.state {
        case .absent: return (glyphs.inUse, "not started", Style(.faint))
        case .starting: return (glyphs.inUse, "starting", .plain)
        case .gone(let status, _):
            let isClean = if case .exited(code: 0) = status { true } else { false }
            return (isClean ? glyphs.passed : glyphs.failed, "gone", isClean ? .plain : Style(.loss))
        case .serving where instance.number == 1 && scene.phase != .serving:
            return (glyphs.running, scene.phase.word.lowercased(), Style(.flight))
        case .serving: return (glyphs.running, "serving", Style(.flight))
        }
    }
}
