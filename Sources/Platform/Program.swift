internal import CLinux
internal import Glibc

/// What this program and the machine that it runs on are, for reports: neither the machine's name nor the user's.
package enum Program {
    package static let version = "0.1.0"
    /// What its clients call themselves (RFC 9110, section 10.1.5).
    package static let userAgent = "drainboard/\(version)"

    /// The words that it was started with, the program's name first.
    ///
    /// CommandLine reads them from /proc, and has none where that is not mounted.
    package static var arguments: [String] {
        guard let words = clinux_arguments() else { return CommandLine.arguments }
        var arguments: [String] = []
        while let word = words[arguments.count] { arguments.append(String(cString: word)) }
        return arguments
    }

    /// "Linux 6.8.0, x86_64, 2 processors".
    package static var host: String {
        var names = utsname()
        uname(&names)
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return "\(text(&names.sysname)) \(text(&names.release)), \(text(&names.machine)), "
            + "\(processors) processor\(processors == 1 ? "" : "s")"
    }

    private static func text<Characters>(_ field: inout Characters) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
