import Foundation
package import LogImport

/// Rules for the lines of logs from a file that a person names.
extension RuleBook {
    /// The rules that are built in, with those of a file before them.
    ///
    /// - Throws: `Failure` when the file cannot be read, with the number of the line.
    package static func builtIn(extendedBy file: String?) throws -> RuleBook {
        guard let file else { return .builtIn }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Failure("Cannot read the rules in \(file). Is it there, and text in UTF-8?")
        }
        do throws(RuleBook.Problem) {
            return RuleBook.builtIn.extended(by: try RuleBook(text))
        } catch {
            throw Failure("\(file), \(error.description)")
        }
    }
}
