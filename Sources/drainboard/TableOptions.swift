import ArgumentParser
import DrainboardKit
import Foundation

/// The options about how a verdict or a table is printed.
struct TableOptions: ParsableArguments {
    @Option(help: "auto (on a terminal, unless NO_COLOR is set or TERM is dumb), always or never.")
    var color = When.auto

    @Flag(help: "Print with ASCII only.")
    var ascii = false

    enum When: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }

    private var isColored: Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto:
            isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
                && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        }
    }

    var style: TableStyle { TableStyle(isColored: isColored, isASCII: ascii, width: Console.width) }
}
