// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "drainboard", path: "../..")],
    targets: [
        .executableTarget(
            name: "frame-cost",
            dependencies: [
                .product(name: "Board", package: "drainboard"), .product(name: "ShutdownTrace", package: "drainboard"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "replay-cost",
            dependencies: [
                .product(name: "Board", package: "drainboard"), .product(name: "ShutdownTrace", package: "drainboard"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        // ncurses alone, for comparison.
        .executableTarget(
            name: "plain-ncurses",
            cSettings: [
                .define("NCURSES_WIDECHAR", to: "1"), .define("_GNU_SOURCE"), .treatAllWarnings(as: .error),
            ],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    ],
    swiftLanguageModes: [.v6]
)
