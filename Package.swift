// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "drainboard",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "drainboard", targets: ["drainboard"]),
        .library(name: "ShutdownTrace", targets: ["ShutdownTrace"]),
        // For any application of ServiceLifecycle: its shutdown as a trace.
        .library(name: "LifecycleTrace", targets: ["LifecycleTrace"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.3"),
        .package(url: "https://github.com/pointfreeco/xctest-dynamic-overlay", from: "1.13.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The arrows run one way; `--explicit-target-dependency-import-check error` holds them.
        .target(name: "ShutdownTrace"),
        .target(
            name: "CLinux",
            cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "Platform", dependencies: ["CLinux", "ShutdownTrace"]),
        .target(
            name: "LifecycleTrace",
            dependencies: [
                "Platform", "ShutdownTrace",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "LogImport", dependencies: ["ShutdownTrace"], resources: [.embedInCode("Rules/BuiltIn.jsonl")]),
        .target(
            name: "ShutdownBoard",
            dependencies: [
                "ShutdownTrace",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        .target(
            name: "Screen",
            dependencies: [
                "ShutdownBoard", "ShutdownTrace", .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(name: "Player", dependencies: ["ShutdownBoard", "ShutdownTrace"]),
        .target(
            name: "Export", dependencies: ["Screen", "ShutdownBoard", "ShutdownTrace"],
            resources: ["page.js", "page.css", "body.html"].map { .embedInCode("Page/Parts/\($0)") }),
        .target(
            name: "CTerminal",
            cSettings: [.define("NCURSES_WIDECHAR", to: "1"), .define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(name: "Terminal", dependencies: ["CTerminal", "Screen"]),
        .target(
            name: "DemoServer",
            dependencies: [
                "LifecycleTrace", "Platform", "ShutdownTrace",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "Clients",
            dependencies: [
                "Platform", "ShutdownTrace",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),
        .target(name: "Monitoring", dependencies: ["CLinux", "Platform", "ShutdownTrace"]),
        .target(
            name: "Experiment",
            dependencies: [
                "CLinux", "Clients", "Monitoring", "Platform", "ShutdownTrace",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "Lessons", dependencies: ["Clients", "DemoServer", "Experiment", "ShutdownBoard", "ShutdownTrace"]),
        .target(
            name: "DrainboardKit",
            dependencies: [
                "Clients", "DemoServer", "Experiment", "Export", "Lessons", "LogImport", "Platform", "Player", "Screen",
                "ShutdownBoard", "ShutdownTrace", "Terminal",
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            // Links to the documents, so that the binary says what they say.
            resources: ["TraceFormat", "RulesFormat", "VerdictFormat"].map { .embedInCode("Help/Formats/\($0).md") }),
        .executableTarget(
            name: "drainboard",
            dependencies: [
                "Clients", "DemoServer", "DrainboardKit", "Experiment", "Export", "Lessons", "LogImport", "Platform",
                "Player", "Screen", "ShutdownBoard", "ShutdownTrace", "Terminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "frame-cost", dependencies: ["Screen", "ShutdownBoard", "ShutdownTrace", "Terminal"],
            path: "Tests/Benchmarks/Sources/frame-cost"),
        .executableTarget(
            name: "replay-cost", dependencies: ["Platform", "Player", "Screen", "ShutdownBoard", "ShutdownTrace"],
            path: "Tests/Benchmarks/Sources/replay-cost"),
        // ncurses alone, for comparison.
        .executableTarget(
            name: "plain-ncurses",
            path: "Tests/Benchmarks/Sources/plain-ncurses",
            cSettings: [.define("NCURSES_WIDECHAR", to: "1"), .define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(name: "TestSupport", dependencies: ["Platform"], path: "Tests/TestSupport"),
        .testTarget(name: "ShutdownTraceTests", dependencies: ["ShutdownTrace", "TestSupport"] + testing),
        .testTarget(
            name: "LifecycleTraceTests",
            dependencies: [
                "LifecycleTrace", "ShutdownBoard", "ShutdownTrace",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ] + testing),
        .testTarget(
            name: "LogImportTests",
            dependencies: ["LogImport", "ShutdownBoard", "ShutdownTrace", "TestSupport"] + testing,
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ShutdownBoardTests", dependencies: ["ShutdownBoard", "ShutdownTrace", "TestSupport"] + testing),
        .testTarget(
            name: "ScreenTests", dependencies: ["Screen", "ShutdownBoard", "ShutdownTrace", "TestSupport"] + testing,
            exclude: ["Golden"]),
        .testTarget(
            name: "ContradictionTests", dependencies: ["Lessons", "Screen", "ShutdownBoard", "ShutdownTrace"] + testing),
        .testTarget(
            name: "LessonsTests",
            dependencies: ["Clients", "DemoServer", "Experiment", "Lessons", "ShutdownBoard", "ShutdownTrace"] + testing
        ),
        .testTarget(
            name: "PlayerTests", dependencies: ["Player", "ShutdownBoard", "ShutdownTrace", "TestSupport"] + testing),
        .testTarget(
            name: "ExportTests",
            dependencies: ["Export", "Screen", "ShutdownBoard", "ShutdownTrace", "TestSupport"] + testing),
        .testTarget(
            name: "DrainboardKitTests",
            dependencies: [
                "Clients", "DrainboardKit", "Experiment", "Lessons", "LogImport", "Platform", "Player", "Screen",
                "ShutdownBoard", "ShutdownTrace", "Terminal", "TestSupport", "drainboard",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ] + testing),
        .testTarget(name: "TerminalTests", dependencies: ["Screen", "Terminal", "TestSupport"] + testing),
        .testTarget(
            name: "DemoServerTests",
            dependencies: [
                "DemoServer", "Lessons", "LifecycleTrace", "Platform", "ShutdownTrace",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ] + testing),
        .testTarget(
            name: "PlatformTests", dependencies: ["Platform", "TestSupport"] + testing),
        .testTarget(
            name: "ClientsTests",
            dependencies: [
                "Clients", "Platform", "ShutdownTrace", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ] + testing),
        .testTarget(
            name: "MonitoringTests",
            dependencies: ["Monitoring", "Platform", "ShutdownTrace", "TestSupport"] + testing),
        .testTarget(
            name: "ExperimentTests",
            dependencies: [
                "Clients", "Experiment", "Monitoring", "Platform", "ShutdownTrace", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ] + testing),
    ],
    swiftLanguageModes: [.v6]
)

/// Failing assertions of swift-custom-dump only fail a Swift Testing test when the second product is linked.
var testing: [Target.Dependency] {
    [
        .product(name: "CustomDump", package: "swift-custom-dump"),
        .product(name: "IssueReportingTestSupport", package: "xctest-dynamic-overlay"),
    ]
}

for target in package.targets {
    let isC = ["CLinux", "CTerminal", "plain-ncurses"].contains(target.name)
    target.cSettings = (target.cSettings ?? []) + (isC ? [.treatAllWarnings(as: .error)] : [])
    guard !isC else { continue }
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .treatAllWarnings(as: .error),
    ]
}
