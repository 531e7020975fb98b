/// Something that no picture of any run may say against what happened: the list to which every new pane, lesson and
/// log adds.
struct Claim: Sendable {
    /// A few words under which a contradiction is counted.
    let name: String
    /// The contradiction in this picture, in words; nil where there is none.
    let contradiction: @Sendable (Picture) -> String?

    init(_ name: String, _ contradiction: @escaping @Sendable (Picture) -> String?) {
        self.name = name
        self.contradiction = contradiction
    }

    /// All of them.
    static let all: [Claim] = counts + ends + signs + keys + texts
}
