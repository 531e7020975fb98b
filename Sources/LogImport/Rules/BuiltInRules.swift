/// The rules that Drainboard knows by itself.
extension RuleBook {
    /// The programs that are known without a rules file.
    package static let builtIn = RuleBook(extending: true)

    /// The programs of `BuiltIn.jsonl`, which the compiler embeds; they are read when the first log is.
    ///
    /// A test holds that every rule can be read and names the file that its wording is from.
    static let builtInPrograms: [Program] = {
        do {
            return try RuleBook(String(decoding: PackageResources.BuiltIn_jsonl, as: UTF8.self)).programs
        } catch {
            preconditionFailure("BuiltIn.jsonl: \(error)")
        }
    }()
}
