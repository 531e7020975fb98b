/// The rules that Drainboard knows by itself.
extension RuleBook {
    /// The programs that are known without a rules file: those of `BuiltIn.jsonl`, which the compiler embeds.
    ///
    /// A test holds that every rule can be read and names the file that its wording is from.
    package static let builtIn: RuleBook = {
        do {
            return try RuleBook(String(decoding: PackageResources.BuiltIn_jsonl, as: UTF8.self))
        } catch {
            preconditionFailure("BuiltIn.jsonl: \(error)")
        }
    }()
}
