// swift-tools-version: 6.2
import PackageDescription

/// The load generator stands outside of the product and depends on nothing, so that it measures what a client sees.
/// It runs on Linux: it waits with epoll and reads CPU time and memory from /proc.
let package = Package(
    name: "Benchmarks",
    targets: [
        .target(name: "CPoller"),
        .target(name: "LoadGenerator", dependencies: ["CPoller"]),
        .executableTarget(name: "twinlog-bench", dependencies: ["LoadGenerator"]),
        .testTarget(name: "LoadGeneratorTests", dependencies: ["LoadGenerator"]),
    ],
    swiftLanguageModes: [.v6]
)
