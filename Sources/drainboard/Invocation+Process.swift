import Platform
import ShutdownTrace

/// How this process was called.
extension Invocation {
    /// Nil for a command line that no report could show.
    static var ofThisProcess: Invocation? {
        let arguments = Array(Program.arguments.dropFirst())
        return arguments.reduce(0) { $0 + $1.utf8.count } <= 20_000 ? Invocation(arguments) : nil
    }
}
