import ArgumentParser
import DrainboardKit
import Foundation

/// The options about how a table is printed.
struct TableOptions: ParsableArguments {
    @Option(help: "auto, always or never.")
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

    var style: TableStyle { TableStyle(isColored: isColored, isASCII: ascii) }
}
