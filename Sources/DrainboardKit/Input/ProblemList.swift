/// What is wrong with an input: the first twenty sentences, and how many more there are.
struct ProblemList {
    private var first: [String]
    private var more = 0
    /// What the rest is called.
    private let noun: String

    private static let most = 20

    init(_ first: [String] = [], noun: String) {
        self.first = first
        self.noun = noun
    }

    var sentences: [String] { more == 0 ? first : first + ["and \(more) more \(noun)"] }

    mutating func add(_ sentence: String) {
        if first.count < Self.most { first.append(sentence) } else { more += 1 }
    }
}
