import Testing

@testable import Emulator

@Suite("Configuration")
struct ServeConfigurationTests {
    static func resolve(
        _ flags: [ServeOption: String] = [:], configs: [String] = [], environment: [String: String] = [:],
        file: String? = nil
    ) throws(StartError) -> ServeConfiguration {
        var settings = ServeSettings()
        for (option, text) in flags {
            settings.set(option, text, .flag(option.rawValue))
        }
        for config in configs {
            try settings.setBrokerConfig(config, .flag("broker-config"))
        }
        if file != nil {
            settings.set(.config, "twinlog.yaml", .flag("config"))
        }
        return try ServeConfiguration.resolve(flags: settings, environment: environment) {
            (path) throws(StartError) in
            guard path == "twinlog.yaml", let file else {
                throw StartError(.cannotCreate, "\(path): No such file or directory")
            }
            return file
        }
    }

    @Test("without a word it is the contract's environment")
    func defaults() throws {
        let configuration = try Self.resolve()
        #expect(configuration.storage == .directory("./twinlog-data"))
        #expect(configuration.listenHost == "127.0.0.1")
        #expect(configuration.advertisedHost == "127.0.0.1")
        #expect(configuration.httpPort == 8090)
        #expect(configuration.durability == .os)
        #expect(configuration.clusters.map(\.id) == ["lkc-source", "lkc-dest"])
        #expect(configuration.clusters.map(\.name) == ["source-cluster", "dest-cluster"])
        #expect(configuration.clusters.map(\.type) == [.basic, .dedicated])
        #expect(configuration.clusters.map { $0.port(.plaintext, brokerIndex: 0) } == [9092, 9192])
        #expect(configuration.clusters.map { $0.port(.saslSSL, brokerIndex: 0) } == [9093, 9193])
        #expect(configuration.clusters.map { $0.port(.saslPlaintext, brokerIndex: 2) } == [9114, 9214])
        #expect(configuration.warnings == [])
    }

    @Test("a certificate of one's own needs its key, wherever both are named")
    func certificates() throws {
        #expect(try Self.resolve().certificates == nil)
        let both = try Self.resolve(
            [.tlsCertificate: "/c.pem"], environment: ["TWINLOG_TLS_KEY": "/k.pem"], file: "tls-ca: /a.pem\n")
        #expect(both.certificates?.certificate == "/c.pem")
        #expect(both.certificates?.key == "/k.pem")
        #expect(both.certificates?.authority == "/a.pem")
        for (option, missing) in [
            (ServeOption.tlsCertificate, "tls-key"), (.tlsKey, "tls-certificate"), (.tlsAuthority, "tls-certificate"),
        ] {
            #expect { try Self.resolve([option: "/x.pem"]) } throws: { error in
                guard let error = error as? StartError else {
                    return false
                }
                return error.status == .usage && error.message.hasPrefix("--\(option.rawValue): ")
                    && error.message.contains(missing)
            }
        }
    }

    @Test(
        "the server's certificate is for localhost and for what is listened on and advertised, but not for a wildcard")
    func certificateHosts() throws {
        let local = ["localhost", "127.0.0.1", "::1"]
        #expect(try Self.resolve().certificateHosts == local)
        #expect(try Self.resolve([.advertise: "kafka.example"]).certificateHosts == local + ["kafka.example"])
        let open = try Self.resolve([.listen: "0.0.0.0", .allowRemote: "true", .advertise: "10.0.0.9"])
        #expect(open.certificateHosts == local + ["10.0.0.9"])
    }

    @Test("flags win over the environment, the environment over the file, the file over defaults")
    func precedence() throws {
        let file = """
            data-dir: /from/file
            brokers: 2
            durability: fsync
            advertise: file.example
            broker-config:
              num.partitions: 2
              default.replication.factor: 1
              log.retention.hours: 1
            """
        let environment = [
            "TWINLOG_BROKERS": "3", "TWINLOG_ADVERTISE": "environment.example",
            "TWINLOG_BROKER_CONFIG": "num.partitions=3;log.retention.hours=2", "TWINLOG_URL": "http://elsewhere",
        ]
        let configuration = try Self.resolve(
            [.advertise: "flag.example"], configs: ["num.partitions=4"], environment: environment, file: file)
        #expect(configuration.storage == .directory("/from/file"))
        #expect(configuration.durability == .fsync)
        #expect(configuration.clusters.map(\.brokers) == [3, 3])
        #expect(configuration.advertisedHost == "flag.example")
        #expect(
            configuration.clusters[0].brokerConfigs
                == ["num.partitions": "4", "default.replication.factor": "1", "log.retention.hours": "2"])
    }

    @Test("the file can treat one cluster differently; a flag means all of them")
    func clustersInTheFile() throws {
        let file = """
            brokers: 2
            broker-config: {num.partitions: 2}
            clusters:
              lkc-dest:
                name: backup
                brokers: 3
                broker-config: {num.partitions: 5, auto.create.topics.enable: false}
            """
        let fromFile = try Self.resolve(file: file)
        #expect(fromFile.clusters.map(\.brokers) == [2, 3])
        #expect(fromFile.clusters.map(\.name) == ["source-cluster", "backup"])
        #expect(fromFile.clusters[0].brokerConfigs == ["num.partitions": "2"])
        #expect(
            fromFile.clusters[1].brokerConfigs == ["num.partitions": "5", "auto.create.topics.enable": "false"])
        let withFlags = try Self.resolve([.brokers: "1"], configs: ["num.partitions=7"], file: file)
        #expect(withFlags.clusters.map(\.brokers) == [1, 1])
        #expect(withFlags.clusters.map { $0.brokerConfigs["num.partitions"] } == ["7", "7"])
    }

    @Test("of --ephemeral and a data directory the one from the stronger place counts")
    func ephemeral() throws {
        #expect(try Self.resolve([.ephemeral: "true"]).storage == .memory)
        #expect(try Self.resolve([.ephemeral: "true"], file: "data-dir: /d").storage == .memory)
        #expect(
            try Self.resolve([.dataDirectory: "/d"], environment: ["TWINLOG_EPHEMERAL": "true"]).storage
                == .directory("/d"))
        #expect(throws: StartError(.usage, "--ephemeral: excludes --data-dir")) {
            try Self.resolve([.ephemeral: "true", .dataDirectory: "/d"])
        }
    }

    @Test("Kafka's names for limits of the network are taken over")
    func transportLimits() throws {
        let limits = try Self.resolve(
            configs: ["socket.request.max.bytes=5000", "connections.max.idle.ms=70", "max.connections=9"]
        ).clusters[0].limits
        #expect(limits.maxFrameBytes == 5000)
        #expect(limits.maxIdleMs == 70)
        #expect(limits.maxConnections == 9)
    }

    @Test("--empty makes no cluster, and still knows how those that are there are started")
    func empty() throws {
        let configuration = try Self.resolve([.empty: "true"], file: "clusters: {lkc-dest: {brokers: 3}}")
        #expect(configuration.startsEmpty)
        #expect(configuration.clusters.map(\.brokers) == [1, 3])
    }

    @Test("blocks of ports begin where --port-base says; HTTP has an option of its own")
    func portBase() throws {
        let moved = try Self.resolve([.portBase: "20000", .httpPort: "21000", .brokers: "2"])
        #expect(moved.clusters.map { $0.port(.plaintext, brokerIndex: 0) } == [20_000, 20_100])
        #expect(moved.clusters.map { $0.port(.saslSSL, brokerIndex: 1) } == [20_011, 20_111])
        #expect(moved.httpPort == 21_000)
        #expect(try Self.resolve([.portBase: "20000"]).httpPort == 8090)
        #expect(try Self.resolve(environment: ["TWINLOG_PORT_BASE": "20000"]).clusters[1].basePort == 20_100)
    }

    @Test("the file gives a cluster its own block, or single listeners their ports; further brokers follow by ten")
    func portsInTheFile() throws {
        let file = """
            port-base: 20000
            clusters:
              lkc-source: {port-base: 30000}
              lkc-dest:
                ports: {PLAINTEXT: 19092, sasl_ssl: 443}
            """
        let clusters = try Self.resolve([.brokers: "2"], file: file).clusters
        #expect(ClusterSpec.listeners.map { clusters[0].port($0, brokerIndex: 1) } == [30_010, 30_011, 30_012])
        #expect(ClusterSpec.listeners.map { clusters[1].port($0, brokerIndex: 0) } == [19_092, 443, 20_102])
        #expect(clusters[1].port(.saslSSL, brokerIndex: 1) == 453)
    }

    @Test(
        "ports out of range, and ports that two listeners would share, are refused with both names",
        arguments: [
            ("port-base: 65500", ["65600", "1 to 65535"]),
            ("http-port: 9192", ["HTTP", "PLAINTEXT of dest-cluster", "9192"]),
            (
                "clusters: {lkc-dest: {port-base: 9093}}",
                ["source-cluster", "dest-cluster", "clusters.lkc-dest.port-base"]
            ),
            ("clusters: {lkc-dest: {ports: {SSL: 1}}}", ["clusters.lkc-dest.ports.SSL", "no such listener"]),
            ("clusters: {lkc-dest: {ports: {PLAINTEXT: 0}}}", ["'0' is not a port"]),
            ("port-base: 70000", ["'70000' is not a port"]), ("port-base: -1", ["'-1' is not a port"]),
            ("http-port: 99999999999999999999", ["is not a port"]),
            ("ports: auto\nport-base: 1", ["auto", "port-base"]),
        ])
    func wrongPorts(file: String, words: [String]) {
        let error = #expect(throws: StartError.self) { try Self.resolve(file: file) }
        #expect(error?.status == .configuration)
        for word in words {
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        }
    }

    @Test("--ports auto and ports that are named contradict each other in one place; the stronger place counts")
    func portsAuto() throws {
        #expect(throws: StartError(.usage, "--ports: 'auto' excludes --port-base")) {
            try Self.resolve([.ports: "auto", .portBase: "1"])
        }
        #expect(try Self.resolve([.ports: "auto"], file: "port-base: 20000").ports == .auto)
        #expect(try Self.resolve([.portBase: "20000"], file: "ports: auto").ports == .standard)
        #expect(try Self.resolve([.ports: "auto"], file: "clusters: {lkc-dest: {port-base: 9093}}").ports == .auto)
    }

    @Test("who has to log in has to be somebody: --http-auth required needs a user")
    func requiredAuthentication() throws {
        let user = ["TWINLOG_EMAIL": "a@b", "TWINLOG_PASSWORD": "p"]
        #expect(try Self.resolve([.httpAuth: "required"], environment: user).requiresHTTPAuthentication)
        for environment in [[:], ["TWINLOG_EMAIL": "a@b"], ["TWINLOG_PASSWORD": "p"]] {
            let error = #expect(throws: StartError.self) {
                try Self.resolve([.httpAuth: "required"], environment: environment)
            }
            #expect(error?.status == .usage)
            #expect(error?.message.contains("TWINLOG_EMAIL and TWINLOG_PASSWORD") == true)
        }
        #expect(try Self.resolve(environment: ["TWINLOG_EMAIL": "a@b"]).warnings.count == 1)
    }

    static let wrongFlags: [(ServeOption, String)] = [
        (.brokers, "0"), (.brokers, "11"), (.brokers, "many"), (.brokers, ""), (.ports, "some"),
        (.durability, "hope"), (.asVersion, "0.1"), (.logLevel, "loud"), (.dataDirectory, ""),
        (.listen, "0.0.0.0"), (.listen, "192.0.2.1"), (.ephemeral, "perhaps"),
        (.advertise, "a b"), (.advertise, "a,b"), (.advertise, "a\u{1B}b"),
        (.advertise, String(repeating: "h", count: 254)),
    ]

    @Test("a wrong flag ends with 64 and is named", arguments: wrongFlags)
    func wrongFlag(option: ServeOption, text: String) {
        let error = #expect(throws: StartError.self) { try Self.resolve([option: text]) }
        #expect(error?.status == .usage)
        #expect(error?.message.hasPrefix("--\(option.rawValue): ") == true)
        #expect(error?.message.contains("\n") == false)
    }

    @Test(
        "a wrong broker config ends with 64 and is named",
        arguments: [
            "num.partitions=many", "no.such.config=1", "listeners=PLAINTEXT://:1", "log.dirs=/x", "no-equals-sign",
            "=1", "connections.max.idle.ms=", "ssl.client.auth=required", "authorizer.class.name=a.B",
            "allow.everyone.if.no.acl.found=false", "process.roles=broker", "ssl.keystore.location=/k.jks",
            "listener.name.sasl_ssl.ssl.client.auth=required", "sasl.enabled.mechanisms=GSSAPI",
            "num.partitions=10001", "offsets.topic.num.partitions=10001", "offsets.topic.segment.bytes=1048575",
        ])
    func wrongBrokerConfig(pair: String) {
        let error = #expect(throws: StartError.self) { try Self.resolve(configs: [pair]) }
        #expect(error?.status == .usage)
        #expect(error?.message.contains(pair.split(separator: "=").first ?? "") == true)
    }

    @Test("a broker config of Kafka that does nothing here is accepted, and warned about once")
    func inertBrokerConfigs() throws {
        let pairs = ["num.network.threads=9", "num.partitions=2", "share.coordinator.threads=2"]
        let configuration = try Self.resolve(configs: pairs)
        #expect(
            configuration.warnings == [
                "broker config num.network.threads has no effect here (Docs/broker-configs.md)",
                "broker config share.coordinator.threads has no effect here (Docs/broker-configs.md)",
            ])
        #expect(configuration.clusters[0].brokerConfigs["num.network.threads"] == "9")
    }

    @Test("a wrong variable ends with 78 and is named")
    func wrongEnvironment() {
        #expect(throws: StartError(.configuration, "TWINLOG_BROKERS: 'x' is not a number from 1 to 10")) {
            try Self.resolve(environment: ["TWINLOG_BROKERS": "x"])
        }
        let error = #expect(throws: StartError.self) {
            try Self.resolve(environment: ["TWINLOG_BROKER_CONFIG": "num.partitions=2;x"])
        }
        #expect(error?.status == .configuration)
    }

    @Test(
        "a wrong file ends with 78 and is named, in one line",
        arguments: [
            "clusters: [", "no-such-setting: 1", "brokers: many", "just text", "brokers: [1]", "config: other.yaml",
            "clusters: {lkc-other: {}}", "brokers: 1\nbrokers: 2",
            "clusters: {lkc-dest: {ports: auto}}", "broker-config: {no.such: 1}",
            "clusters: {lkc-source: {broker-config: {num.partitions: x}}}", "a: b: c", "[1, 2]",
        ])
    func wrongFile(text: String) {
        let error = #expect(throws: StartError.self) { try Self.resolve(file: text) }
        #expect(error?.status == .configuration)
        #expect(error?.message.hasPrefix("twinlog.yaml: ") == true)
        #expect(error?.message.contains("\n") == false)
    }

    @Test("an empty file says nothing", arguments: ["", "# only a comment\n", "broker-config:\nclusters:\n"])
    func emptyFile(text: String) throws {
        #expect(try Self.resolve(file: text).clusters.count == 2)
    }

    @Test("a file that is not there ends with 78")
    func missingFile() {
        let error = #expect(throws: StartError.self) { try Self.resolve([.config: "absent.yaml"]) }
        #expect(error?.status == .configuration)
        #expect(error?.message.hasPrefix("absent.yaml") == true)
    }

    @Test("the largest host name and topics that can just be made are taken")
    func largest() throws {
        let host = String(repeating: "h", count: 253)
        let configs = [
            "num.partitions=10000", "offsets.topic.num.partitions=10000", "offsets.topic.segment.bytes=1048576",
        ]
        #expect(try Self.resolve([.advertise: host], configs: configs).advertisedHost == host)
        #expect(try Self.resolve([.advertise: "fe80::1"]).advertisedHost == "fe80::1")
    }

    @Test(
        "a cluster's name in the file is one that can be shown, and no other cluster's",
        arguments: ["dest-cluster", "\"\"", "\" \"", "\"a\\nb\"", "\"a\\e[31m\"", String(repeating: "n", count: 65)])
    func wrongName(name: String) {
        let error = #expect(throws: StartError.self) {
            try Self.resolve(file: "clusters:\n  lkc-source:\n    name: \(name)\n")
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("name") == true)
    }

    @Test("two clusters may swap their names")
    func swappedNames() throws {
        let file = "clusters:\n  lkc-source: {name: dest-cluster}\n  lkc-dest: {name: source-cluster}\n"
        #expect(try Self.resolve(file: file).clusters.map(\.name) == ["dest-cluster", "source-cluster"])
    }

    @Test("an address that others can reach needs permission, and is warned about")
    func remote() throws {
        let configuration = try Self.resolve([.listen: "0.0.0.0", .allowRemote: "true"])
        #expect(configuration.advertisedHost == "127.0.0.1")
        #expect(configuration.warnings.count == 1)
        #expect(try Self.resolve([.listen: "192.0.2.1", .allowRemote: "true"]).advertisedHost == "192.0.2.1")
        for host in ["localhost", "::1", "127.0.0.2"] {
            #expect(try Self.resolve([.listen: host]).warnings.isEmpty)
        }
    }
}
