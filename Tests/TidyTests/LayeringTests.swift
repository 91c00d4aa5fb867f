import Testing

/// Imports go one way, and what is from outside stays where it belongs.
@Suite("Layers")
struct LayeringTests {
    /// A module imports modules of a lower rank only; those of one rank stand side by side.
    static let ranks: [String: Int] = [
        "KafkaProtocol": 0, "LogStorage": 1, "ClusterCore": 2, "KafkaClient": 2,
        "Credentials": 0, "YAML": 0,
        "RESTAPI": 3, "WebConsole": 3, "Datagen": 3, "KafkaTransport": 3, "ClusterLinking": 3,
        "Emulator": 4, "TwinlogTesting": 5, "Commands": 5, "twinlog": 6,
        "ProtocolSchema": 0, "ProtocolGenerator": 6,
    ]

    /// Narrower than the ranks: these import no other module of ours.
    static let only: [String: Set<String>] = [
        "KafkaProtocol": [], "KafkaClient": ["KafkaProtocol"], "Credentials": [], "Datagen": [], "YAML": [],
        "WebConsole": ["KafkaProtocol"], "ProtocolSchema": [],
        "ProtocolGenerator": ["ProtocolSchema"], "twinlog": ["Commands"],
    ]

    /// Who may import what is not ours. A module that is missing here is imported by nobody.
    static let outside: [String: Set<String>] = [
        "CPlatform": ["KafkaProtocol", "LogStorage", "ClusterCore", "KafkaTransport", "Emulator"],
        "CZlib": ["KafkaProtocol"], "CLZ4": ["KafkaProtocol"], "CZstd": ["KafkaProtocol"], "CSnappy": ["KafkaProtocol"],
        "Collections": ["ClusterCore"], "HeapModule": ["ClusterCore"], "OrderedCollections": ["ClusterCore"],
        "DequeModule": ["ClusterCore"],
        "NIOCore": ["KafkaTransport", "RESTAPI", "WebConsole", "Emulator", "Commands"],
        "NIOPosix": ["KafkaTransport", "RESTAPI", "Emulator", "Commands"],
        "NIOHTTP1": ["RESTAPI", "Commands"], "HTTPTypes": ["RESTAPI"],
        "HummingbirdCore": ["RESTAPI"],
        "Logging": ["KafkaTransport", "ClusterLinking", "RESTAPI", "Emulator", "Commands"],
        "NIOSSL": ["KafkaTransport", "Commands"], "NIOTLS": ["KafkaTransport"],
        "X509": ["Credentials"], "SwiftASN1": ["Credentials"],
        "Crypto": ["Credentials", "ClusterLinking", "WebConsole"],
        "CryptoExtras": ["Credentials"], "_CryptoExtras": ["Credentials"],
        "ServiceLifecycle": ["RESTAPI", "Emulator"],
        "ArgumentParser": ["Commands", "twinlog"],
        "CYAML": ["YAML"], "CWebConsole": ["WebConsole"],
        // Foundation brings ICU, a third of a program of 88 MB; only what runs at build time has it.
        "Foundation": ["ProtocolSchema", "ProtocolGenerator"], "FoundationEssentials": noDataPath,
        "Synchronization": [
            "Credentials", "KafkaTransport", "ClusterLinking", "RESTAPI", "WebConsole", "Emulator", "Commands",
        ],
        "Dispatch": ["Emulator", "Commands"],
        "Glibc": everyone, "Musl": everyone, "Darwin": everyone,
    ]
    static let everyone = Set(ranks.keys)
    static let noDataPath = everyone.subtracting([
        "KafkaProtocol", "LogStorage", "ClusterCore", "KafkaClient", "KafkaTransport", "ClusterLinking",
    ])

    @Test("every module below Sources has its place in the order of imports")
    func everyModuleIsRanked() {
        let systemModules = Self.outside.keys.filter { $0.hasPrefix("C") }
        let unknown = Repository.entries(of: "Sources").filter { Self.ranks[$0] == nil && !systemModules.contains($0) }
        #expect(unknown == [])
        #expect(!Repository.sources.isEmpty)
    }

    @Test("a module imports only modules below it")
    func importsGoOneWay() {
        var wrong: [String] = []
        for file in Repository.sources {
            guard let rank = Self.ranks[file.module] else { continue }
            for name in file.imports {
                guard let other = Self.ranks[name] else { continue }
                if other >= rank || Self.only[file.module].map({ !$0.contains(name) }) ?? false {
                    wrong.append("\(file.path) imports \(name)")
                }
            }
        }
        #expect(wrong == [])
    }

    @Test("modules from outside are imported only where they are meant to be")
    func outsideModulesStayOutside() {
        var wrong: [String] = []
        for file in Repository.sources {
            for name in file.imports where Self.ranks[name] == nil {
                if !(Self.outside[name]?.contains(file.module) ?? false) {
                    wrong.append("\(file.path) imports \(name)")
                }
            }
        }
        #expect(wrong == [])
    }

    @Test("each module calls the platform in one file")
    func platformInOneFile() {
        var files: [String: Set<String>] = [:]
        for file in Repository.sources where !file.imports.allSatisfy({ !["Glibc", "Musl", "Darwin"].contains($0) }) {
            files[file.module, default: []].insert(file.path)
        }
        #expect(files.filter { $0.value.count > 1 } == [:])
    }

    @Test("the benchmarks depend on no package, so that they measure the server from outside")
    func benchmarksStandAlone() {
        #expect(!Repository.text(of: "Benchmarks/Package.swift").contains(".package("))
    }
}
