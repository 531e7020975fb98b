import Foundation
import Screen
import Testing

@testable import Terminal

@Suite(.timeLimit(.minutes(3))) struct PaletteTests {
    private let theme = Theme(
        name: "test", [.flight: .init(75, ansi: 6), .loss: .init(208, ansi: 11, [.bold]), .faint: .init(nil, [.dim])])

    @Test func `256 colours are used where they exist`() {
        let palette = Palette(theme: theme, colors: .twoHundredFiftySix)
        #expect(palette[.flight] == .init(color: 75, emphasis: []))
        #expect(palette[.normal] == .init(color: nil, emphasis: []))
    }

    @Test func `with 16 colours each ink falls back to its ANSI colour`() {
        #expect(Palette(theme: theme, colors: .sixteen)[.loss] == .init(color: 11, emphasis: [.bold]))
    }

    @Test func `with 8 colours a bright one becomes bold`() {
        #expect(Palette(theme: theme, colors: .eight)[.loss] == .init(color: 3, emphasis: [.bold]))
    }

    @Test func `without colours emphasis stays`() {
        let palette = Palette(theme: theme, colors: .none)
        #expect(palette[.loss] == .init(color: nil, emphasis: [.bold]))
        #expect(palette[.faint] == .init(color: nil, emphasis: [.dim]))
    }

    @Test(
        arguments: [
            (ColorChoice.auto, nil, true), (.auto, "", true), (.auto, "1", false), (.always, "1", true),
            (.never, nil, false),
        ] as [(ColorChoice, String?, Bool)])
    func `NO_COLOR counts when it is not empty and nothing else was asked for`(
        choice: ColorChoice, noColor: String?, wanted: Bool
    ) {
        #expect(choice.isWanted(noColor: noColor) == wanted)
    }

    @Test func `a kept frame is lines of text, with a style only where it changes`() {
        let frame = Frame.of(["ok", "", "漢\u{0}!"], columns: 10, count: 3)
        let palette = Palette(theme: theme, colors: .twoHundredFiftySix)
        #expect(palette.text(of: frame, isUTF8: true) == "ok\n\n漢!\n")
        #expect(palette.text(of: frame, isUTF8: false) == "ok\n\n?!\n")
    }
}

/// Themes are read on projectors too.
@Suite(.timeLimit(.minutes(3))) struct `A theme` {
    @Test(arguments: Theme.all) func `dims nothing`(theme: Theme) {
        for ink in Style.Ink.allCases {
            for colors in [Colors.none, .eight, .sixteen, .twoHundredFiftySix] {
                #expect(!Palette(theme: theme, colors: colors)[ink].emphasis.contains(.dim), "\(ink)")
            }
        }
    }

    /// The ratio that WCAG 2 asks of text that is not large.
    @Test(arguments: [(Theme.dark, 0.0), (.dark, 0.03), (.light, 1.0), (.light, 0.9)])
    func `has contrast on its background`(theme: Theme, background: Double) {
        for ink in Style.Ink.allCases {
            guard let color = Palette(theme: theme, colors: .twoHundredFiftySix)[ink].color else { continue }
            let pair = [luminance(color), background].sorted()
            #expect(
                (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5 * (background == 0 || background == 1 ? 1 : 0.85), "\(ink)")
        }
    }

    /// Of one of the colours 16 to 255 of xterm.
    private func luminance(_ color: UInt8) -> Double {
        let levels = [0, 95, 135, 175, 215, 255]
        let cube = Int(color) - 16
        let parts =
            color >= 232
            ? Array(repeating: 8 + (Int(color) - 232) * 10, count: 3)
            : [levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6]]
        let linear = parts.map { part in
            let share = Double(part) / 255
            return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
}

@Suite(.timeLimit(.minutes(3))) struct TerminalErrorTests {
    @Test func `each error names TERM or a way without a terminal`() {
        let all: [TerminalError] = [
            .outputIsNoTerminal, .inputIsNoTerminal, .typeUnset, .typeUnknown("x"), .typeTooSimple("dumb"),
            .cannotOpen(reason: "no"),
        ]
        for error in all { #expect(error.description.contains("--plain")) }
    }

    @Test func `a value of TERM cannot send an escape sequence`() {
        #expect(TerminalError.typeUnknown("a\u{1B}[31mé").description.contains("TERM=a?[31m? "))
    }
}
