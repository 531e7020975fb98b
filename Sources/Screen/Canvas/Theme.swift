/// Which colour each meaning has, in the terminal's own palette.
///
/// Nothing is dimmed: on a projector that cannot be read.
package struct Theme: Hashable, Sendable {
    /// `blue` is safe for colour-blind eyes and the default.
    package var name: String

    /// A colour of the terminal's palette; nil is its own foreground.
    ///
    /// 0...15 are the ANSI colours, up to 255 needs a terminal with 256 colours and falls back to `ansi` elsewhere.
    package struct Paint: Hashable, Sendable {
        package var color: UInt8?
        /// The colour where only 8 or 16 exist.
        package var ansi: UInt8?
        package var emphasis: Style.Emphasis

        package init(_ color: UInt8? = nil, ansi: UInt8? = nil, _ emphasis: Style.Emphasis = []) {
            self.color = color
            self.ansi = ansi ?? color
            self.emphasis = emphasis
        }
    }

    private var paints: [Style.Ink: Paint]

    package init(name: String, _ paints: [Style.Ink: Paint]) {
        self.name = name
        self.paints = paints
    }

    package func paint(_ ink: Style.Ink) -> Paint { paints[ink] ?? Paint() }

    /// Blue for requests in flight, orange for those at risk or lost; no red against green.
    ///
    /// For dark backgrounds.
    package static let dark = Theme(
        name: "dark",
        [
            .faint: Paint(248, ansi: 7), .flight: Paint(75, ansi: 6), .good: Paint(),
            .risk: Paint(214, ansi: 3), .loss: Paint(208, ansi: 3, [.bold]), .signal: Paint(nil, [.bold]),
        ])

    /// The same meanings for light backgrounds.
    package static let light = Theme(
        name: "light",
        [
            .faint: Paint(240, ansi: 0), .flight: Paint(25, ansi: 4), .good: Paint(),
            .risk: Paint(94, ansi: 1), .loss: Paint(130, ansi: 1, [.bold]), .signal: Paint(nil, [.bold]),
        ])

    /// Words, glyphs, bold and reverse only.
    package static let monochrome = Theme(
        name: "monochrome",
        [
            .loss: Paint(nil, [.bold, .reverse]), .risk: Paint(nil, [.bold]),
            .signal: Paint(nil, [.bold]),
        ])

    package static let all = [dark, light, monochrome]
}
