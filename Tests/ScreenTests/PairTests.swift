import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

@Suite(.timeLimit(.minutes(20))) struct `A picture of two runs` {
    private let left = Painter.Part(name: "one.jsonl", board: .graceful, now: .seconds(26))
    private let right = Painter.Part(name: "two.jsonl", board: .killed, now: .seconds(23))
    private var view: View {
        var view = View()
        view.comparison = Comparison(left.board, right.board)
        view.transport = Transport(
            .recording, position: .seconds(20), end: .seconds(26), motion: .still, event: 0, events: 0, isOver: true)
        view.transport?.zero = .seconds(20)
        return view
    }

    private func frame(_ view: View, _ columns: Int, _ rows: Int) -> Frame {
        Painter.frame(left: left, right: right, view: view, size: Size(columns: columns, rows: rows))
    }

    @Test func `has both boards side by side, or one above the other where columns are few`() throws {
        let wide = frame(view, 160, 36).lines
        #expect(wide.contains { $0.contains("one.jsonl") && $0.contains("two.jsonl") })
        #expect(wide.contains { $0.contains("GRACEFUL") && $0.contains("FORCE-KILLED") })
        let narrow = frame(view, 80, 24).lines
        let rows = ["one.jsonl", "GRACEFUL", "two.jsonl", "FORCE-KILLED"].map { text in
            narrow.firstIndex { $0.contains(text) }
        }
        let known = rows.compactMap(\.self)
        #expect(known.count == 4 && known == known.sorted())
        #expect(!narrow.contains { $0.contains("one.jsonl") && $0.contains("two.jsonl") })
    }

    @Test func `has one timeline, which counts from the signal, and one row of keys`() {
        for (columns, rows) in [(160, 36), (80, 24)] {
            let lines = frame(view, columns, rows).lines
            #expect(lines.count { $0.contains("since the signal") } == 1)
            #expect(lines.count { $0.contains("q quit") } == 1)
            #expect(!lines.contains { $0.contains("press t") || $0.contains("SIGTERM and watch") })
        }
    }

    @Test func `offers in its footer only keys that work, each as its own row says`() {
        let situation = Situation(
            board: left.board, now: .zero, size: Size(columns: 160, rows: 36), transport: view.transport)
        let footer = frame(view, 160, 36).lines.last ?? ""
        for binding in Keymap.pair where binding.label(view, situation) != nil {
            for key in binding.keys {
                var pressed = view
                let effect = pressed.press(key, on: left.board, now: .zero)
                #expect(effect != nil || pressed.overlay != nil, "\(binding.name)")
            }
            let label = binding.label(view, situation)?.long ?? ""
            let name = binding.name.split(separator: " ").first ?? ""
            #expect(footer.contains("\(name) \(label)"), "\(binding.name) \(label)")
        }
        for key: Key in [.character("t"), .character("K"), .character("r"), .character("x"), .character("m")] {
            var pressed = view
            #expect(pressed.press(key, on: left.board, now: .zero) == nil)
            #expect(pressed.notice?.hasPrefix("\(key.name) does nothing") == true)
            pressed.notice = view.notice
            #expect(pressed == view)
        }
    }

    @Test func `tells of every key in its help, and of no other`() {
        var view = view
        _ = view.press(.character("?"), on: left.board, now: .zero)
        var shown: Set<String> = []
        for _ in 0..<60 {
            shown.formUnion(frame(view, 80, 24).lines)
            _ = view.press(.down, on: left.board, now: .zero)
        }
        for binding in Keymap.pairSections.flatMap(\.bindings) {
            #expect(shown.contains { $0.contains("│ \(binding.name) ") }, "\(binding.name)")
        }
        #expect(!shown.contains { $0.contains("SIGKILL, after a question") || $0.contains("mark this moment") })
    }

    @Test func `lists the differences, a mark before each, to their very end`() {
        var view = view
        _ = view.press(.character("d"), on: left.board, now: .zero)
        let first = frame(view, 80, 24).lines
        #expect(first.contains { $0.contains("differences") })
        #expect(first.contains { $0.contains("* word") && $0.contains("GRACEFUL") && $0.contains("FORCE-KILLED") })
        _ = view.press(.end, on: left.board, now: .zero, size: Size(columns: 80, rows: 24))
        let last = view.comparison.flatMap { ComparisonText($0, width: 76).lines.last?.text }
        #expect(frame(view, 80, 24).lines.contains { $0.contains(last ?? "nothing") })
        #expect(view.press(.character("d"), on: left.board, now: .zero) == nil && view.overlay == nil)
    }

    @Test func `fits any size`() {
        for columns in Effort.some(of: Array(stride(from: 0, through: 210, by: 7))) {
            for rows in 0...40 {
                let size = Size(columns: columns, rows: rows)
                #expect(frame(view, columns, rows).size == size)
            }
        }
    }
}
