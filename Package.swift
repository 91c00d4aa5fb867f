// swift-tools-version: 6.2
import PackageDescription

/// CI builds with warnings as errors; everyone else sees them as warnings.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let ordered: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// Where `make build` puts links to archives of C libraries, which are then preferred to shared ones.
let archives = LinkerSetting.unsafeFlags(
    ["-L\(Context.packageDirectory)/.build/archives", "-Xclang-linker", "-static-libgcc"],
    .when(platforms: [.linux], configuration: .release))

/// What lies beside a library's sources. The console's pages come into the program by way of CWebConsole.
let notSwift = ["LogStorage": ["FORMAT.md"], "WebConsole": ["Pages"]]

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: notSwift[name] ?? [],
        resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "twinlog",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "twinlog", targets: ["twinlog"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Without its traits: they bring Foundation with ICU, 30 MB of the program.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLZ4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CPlatform"),
        .target(name: "CWebConsole"),
        library("KafkaProtocol", ["CPlatform", "CZlib", "CLZ4", "CZstd", "CSnappy"]),
        library("LogStorage", ["KafkaProtocol", "CPlatform"]),
        library("ClusterCore", ["LogStorage", "KafkaProtocol", heap, ordered]),
        library("KafkaClient", ["KafkaProtocol"]),
        library(
            "KafkaTransport",
            [
                "KafkaProtocol", "ClusterCore", "KafkaClient", "Credentials", nio, nioPosix, nioSSL, nioTLS, logging,
            ]),
        library("Credentials", [x509, asn1, crypto, cryptoExtras]),
        library("ClusterLinking", ["ClusterCore", "KafkaClient", "KafkaProtocol", logging, crypto]),
        library("Datagen", []),
        library("YAML", ["CYAML"]),
        library("WebConsole", ["CWebConsole", "KafkaProtocol", crypto]),
        library("RESTAPI", ["ClusterCore", "KafkaProtocol", hummingbirdCore, httpTypes, nio, nioHTTP1, logging]),
        library(
            "Emulator",
            [
                "RESTAPI", "WebConsole", "KafkaTransport", "ClusterLinking", "ClusterCore", "LogStorage",
                "KafkaClient",
                "KafkaProtocol",
                "Credentials", "Datagen", "YAML", "CPlatform", nio, nioPosix, logging,
            ]),
        library(
            "Commands",
            [
                "Emulator", "RESTAPI", "Datagen", "KafkaClient", "KafkaTransport", "KafkaProtocol", "Credentials",
                arguments, nio,
                nioPosix, nioHTTP1, nioSSL,
            ]),
        .executableTarget(
            name: "twinlog", dependencies: ["Commands"], swiftSettings: strict, linkerSettings: [archives]),
        library("ProtocolSchema", []),
        .executableTarget(name: "ProtocolGenerator", dependencies: ["ProtocolSchema"], swiftSettings: strict),
        tests("KafkaProtocolTests", ["KafkaProtocol"]),
        tests("ProtocolSchemaTests", ["ProtocolSchema"]),
        tests("LogStorageTests", ["LogStorage"]),
        tests("ClusterCoreTests", ["ClusterCore"]),
        .target(
            name: "ClientTestSupport", dependencies: ["KafkaClient"], path: "Tests/ClientTestSupport",
            swiftSettings: strict),
        .target(
            name: "FuzzSupport",
            dependencies: [
                "ClusterCore", "LogStorage", "KafkaProtocol", "ProtocolSchema", "ClusterLinking", "KafkaClient",
                "ClientTestSupport",
            ], path: "Tests/FuzzSupport", swiftSettings: strict),
        .executableTarget(
            name: "Fuzzer", dependencies: ["FuzzSupport"], path: "Tests/Fuzzer", swiftSettings: strict),
        tests("FuzzTests", ["FuzzSupport", "Fuzzer"]),
        tests("KafkaClientTests", ["KafkaClient", "ClientTestSupport"]),
        tests("CredentialsTests", ["Credentials", x509, asn1]),
        tests("ClusterLinkingTests", ["ClusterLinking", "ClientTestSupport", "LogStorage"]),
        tests("DatagenTests", ["Datagen"]),
        tests("YAMLTests", ["YAML"]),
        tests("WebConsoleTests", ["WebConsole", "KafkaProtocol"]),
        tests(
            "RESTAPITests",
            ["RESTAPI", "ClusterCore", "KafkaProtocol", "YAML", hummingbirdCore, httpTypes, nio, logging]),
        tests(
            "EmulatorTests",
            ["Emulator", "ClusterCore", "Credentials", "RESTAPI", "KafkaTransport", "LogStorage", logging]),
        tests("CommandsTests", ["Commands", "RESTAPI", arguments, nio, nioPosix]),
        tests(
            "IntegrationTests",
            [
                "Emulator", "KafkaClient", "KafkaTransport", "KafkaProtocol", "ClusterCore", "LogStorage",
                "Credentials", "RESTAPI", nio, nioPosix, nioEmbedded, logging,
            ]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
