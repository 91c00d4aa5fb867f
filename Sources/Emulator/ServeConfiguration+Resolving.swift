import ClusterCore
import Credentials
import KafkaTransport
import LogStorage
import Logging
import RESTAPI

extension ServeConfiguration {
    /// Puts flags, environment, file and defaults together.
    ///
    /// - Parameters:
    ///   - flags: what the command line said.
    ///   - readFile: the text of the file at a path; throws when it cannot be read.
    /// - Throws: ``StartError`` with one line that names the place and what is wrong there.
    package static func resolve(
        flags: ServeSettings, environment: [String: String],
        readFile: (String) throws(StartError) -> String
    ) throws(StartError) -> ServeConfiguration {
        var settings = flags
        try settings.read(environment: environment)
        if let path = settings[.config] {
            let text: String
            do throws(StartError) {
                text = try readFile(path.text)
            } catch {
                throw StartError(.configuration, error.message)
            }
            try ConfigurationFile(name: path.text).read(text, into: &settings)
        }
        var configuration = try ServeConfiguration(settings)
        let email = environment[ServerEnvironment.email] ?? ""
        let password = environment[ServerEnvironment.password] ?? ""
        if !email.isEmpty, !password.isEmpty {
            configuration.logIn = (email, password)
        } else if configuration.requiresHTTPAuthentication, let wish = settings[.httpAuth] {
            // Otherwise whoever asks for a session would get one.
            let names = "\(ServerEnvironment.email) and \(ServerEnvironment.password)"
            throw wish.wrong("'required' needs a user who can log in: set \(names)")
        } else if email.isEmpty != password.isEmpty {
            configuration.warnings.append(
                "\(ServerEnvironment.email) and \(ServerEnvironment.password) count only together: anybody can log in")
        }
        return configuration
    }

    private init(_ settings: ServeSettings) throws(StartError) {
        storage = try Self.storage(settings)
        let listen = settings[.listen]
        listenHost = listen?.text ?? "127.0.0.1"
        let reachable = Self.isWildcard(listenHost) ? "127.0.0.1" : listenHost
        advertisedHost = settings[.advertise]?.text ?? reachable
        if let advertise = settings[.advertise], !Self.canBeHost(advertise.text) {
            throw advertise.wrong("has to be a host name, of 253 characters at most, or an address")
        }
        ports = try Self.portChoice(settings)
        portBase = try settings[.portBase].map(Self.port) ?? Self.standardPortBase
        wantedHTTPPort = try settings[.httpPort].map(Self.port) ?? Self.standardHTTPPort
        readyFile = settings[.readyFile]?.text
        let acknowledgement: DurabilityWord? = try Self.word(settings[.durability])
        durability = acknowledgement == .fsync ? .fsync : .os
        kafkaVersion = settings[.asVersion]?.text ?? Self.kafkaVersions[0]
        isQuiet = try Self.flag(settings[.quiet])
        logLevel = try Self.word(settings[.logLevel]) ?? (isQuiet ? .error : .info)
        acceptedLosses = try AcceptedLoss.list(settings[.acceptDataLoss])
        certificates = try Self.certificates(settings)
        clusters = []
        newCluster = ClusterSpec(
            id: "", name: "", type: .basic, basePort: 0, brokers: 1, brokerConfigs: [:])
        let access: AccessWord? = try Self.word(settings[.httpAuth])
        requiresHTTPAuthentication = access == .required
        if let version = settings[.asVersion], !Self.kafkaVersions.contains(version.text) {
            let known = Self.kafkaVersions.joined(separator: ", ")
            throw version.wrong("'\(version.text)' cannot be advertised; known: \(known)")
        }
        if let listen, !Self.isLoopback(listenHost) {
            guard try Self.flag(settings[.allowRemote]) else {
                throw listen.wrong("'\(listenHost)' is reachable from other machines; --allow-remote permits that")
            }
            warnings.append("listening on \(listenHost): whoever reaches this machine may read and write every topic")
        }
        try resolveClusters(settings)
    }

    private static func certificates(_ settings: ServeSettings) throws(StartError) -> OwnCertificateFiles? {
        let authority = settings[.tlsAuthority]
        switch (settings[.tlsCertificate], settings[.tlsKey]) {
        case (let certificate?, let key?):
            return OwnCertificateFiles(certificate: certificate.text, key: key.text, authority: authority?.text)
        case (let certificate?, nil): throw certificate.wrong("needs \(ServeOption.tlsKey.rawValue) too")
        case (nil, let key?): throw key.wrong("needs \(ServeOption.tlsCertificate.rawValue) too")
        case (nil, nil):
            if let authority {
                throw authority.wrong("needs \(ServeOption.tlsCertificate.rawValue) too")
            }
            return nil
        }
    }

    private static func storage(_ settings: ServeSettings) throws(StartError) -> Storage {
        let ephemeral = try flag(settings[.ephemeral])
        let directory = settings[.dataDirectory]
        if let directory, directory.text.isEmpty {
            throw directory.wrong("the path is empty")
        }
        guard ephemeral, let wish = settings[.ephemeral] else {
            return .directory(directory?.text ?? defaultDataDirectory)
        }
        guard let directory else {
            return .memory
        }
        // The stronger place wins; in the same place they contradict each other.
        if directory.origin.rank == wish.origin.rank {
            throw wish.wrong("excludes \(directory.origin)")
        }
        return directory.origin.rank > wish.origin.rank ? .directory(directory.text) : .memory
    }

    // MARK: Clusters

    private mutating func resolveClusters(_ settings: ServeSettings) throws(StartError) {
        let brokers = try settings[.brokers].map { (setting) throws(StartError) in try Self.brokerCount(setting) } ?? 1
        let shared = settings.brokerConfigs
        try check(shared)
        let known: [ClusterSpec] = [.source, .destination]
        if let stranger = settings.clusters.keys.sorted().first(where: { id in !known.contains { $0.id == id } }) {
            let names = known.map(\.id).joined(separator: ", ")
            let file = settings[.config]?.text ?? "configuration"
            throw StartError(.configuration, "\(file): clusters.\(stranger): no such cluster; there are \(names)")
        }
        newCluster.brokers = brokers
        newCluster.brokerConfigs = shared.mapValues(\.text)
        newCluster.limits = TransportLimits(brokerConfigs: newCluster.brokerConfigs)
        startsEmpty = try Self.flag(settings[.empty])
        for var spec in known {
            let own = settings.clusters[spec.id] ?? ClusterSettings()
            try check(own.brokerConfigs)
            if let name = own.name {
                guard DisplayName.isFit(name.text) else {
                    throw name.wrong("a name has \(DisplayName.rule)")
                }
                spec.name = name.text
            }
            // A flag or variable means every cluster; what the file says about one counts against the file's own.
            let isStronger = (settings[.brokers]?.origin.rank ?? 0) > SettingOrigin.file(name: "", key: "").rank
            spec.brokers = isStronger ? brokers : try own.brokers.map(Self.brokerCount) ?? brokers
            let merged = shared.merging(own.brokerConfigs) { shared, own in
                shared.origin.rank > own.origin.rank ? shared : own
            }
            spec.brokerConfigs = merged.mapValues(\.text)
            spec.limits = TransportLimits(brokerConfigs: spec.brokerConfigs)
            spec.ownBase = try own.portBase.map(Self.port)
            spec.ports = try Self.listenerPorts(own.ports)
            clusters.append(placed(spec, block: spec.block))
        }
        if Set(clusters.map(\.name)).count < clusters.count,
            let name = clusters.compactMap({ settings.clusters[$0.id]?.name }).first
        {
            throw name.wrong("another cluster is named '\(name.text)' too")
        }
        if let problem = portProblem(clusters) {
            let wishes = clusters.flatMap { Self.portWishes(settings.clusters[$0.id]) }
            guard let wish = wishes.first ?? settings[.portBase] ?? settings[.brokers] ?? settings[.httpPort] else {
                throw StartError(.configuration, problem)
            }
            throw wish.wrong(problem)
        }
    }

    private static func portWishes(_ cluster: ClusterSettings?) -> [Setting] {
        guard let cluster else {
            return []
        }
        return cluster.ports.sorted { $0.key < $1.key }.map(\.value) + [cluster.portBase].compactMap(\.self)
    }

    private static func listenerPorts(_ settings: [String: Setting]) throws(StartError) -> [ListenerName: Int] {
        var ports: [ListenerName: Int] = [:]
        for (name, setting) in settings.sorted(by: { $0.key < $1.key }) {
            guard let listener = ClusterSpec.listeners.first(where: { $0.rawValue == name.uppercased() }) else {
                let known = ClusterSpec.listeners.map(\.rawValue).joined(separator: ", ")
                throw setting.wrong("no such listener; there are \(known)")
            }
            ports[listener] = try port(setting)
        }
        return ports
    }

    private static func port(_ setting: Setting) throws(StartError) -> Int {
        guard let port = Int(setting.text), PortPlan.range.contains(port) else {
            throw setting.wrong("'\(setting.text)' is not a port from 1 to 65535")
        }
        return port
    }

    /// Ports that are named and `--ports auto` contradict each other; the one from the stronger place counts.
    private static func portChoice(_ settings: ServeSettings) throws(StartError) -> Ports {
        guard let wish = settings[.ports], let choice: Ports = try word(wish) else {
            return .standard
        }
        let named = [settings[.portBase], settings[.httpPort]].compactMap(\.self)
            + settings.clusters.sorted { $0.key < $1.key }.flatMap { portWishes($0.value) }
        guard choice == .auto, let other = named.max(by: { $0.origin.rank < $1.origin.rank }) else {
            return choice
        }
        if other.origin.rank == wish.origin.rank {
            throw wish.wrong("'auto' excludes \(other.origin)")
        }
        return other.origin.rank > wish.origin.rank ? .standard : .auto
    }

    private static func brokerCount(_ setting: Setting) throws(StartError) -> Int {
        guard let count = Int(setting.text), (1...maximumBrokers).contains(count) else {
            throw setting.wrong("'\(setting.text)' is not a number from 1 to \(maximumBrokers)")
        }
        return count
    }

    /// Broker configs that other options stand for, with those options.
    private static let ownedConfigs = [
        "listeners": "--listen, --ports and --port-base", "advertised.listeners": "--advertise", "node.id": "--brokers",
        "broker.id": "--brokers", "log.dir": "--data-dir", "log.dirs": "--data-dir", "metadata.log.dir": "--data-dir",
        "ssl.keystore.location": "--tls-certificate and --tls-key",
        "ssl.keystore.key": "--tls-certificate and --tls-key",
        "ssl.keystore.certificate.chain": "--tls-certificate and --tls-key",
        "sasl.jaas.config": "API keys (twinlog api-key create)",
    ]
    /// Broker configs that describe what cannot be chosen.
    private static let fixedConfigs: Set<String> = ["process.roles", "listener.security.protocol.map", "broker.rack"]

    private mutating func check(_ configs: [String: Setting]) throws(StartError) {
        for (name, setting) in configs.sorted(by: { $0.key < $1.key }) {
            if let option = Self.ownedConfigs[name] {
                throw setting.wrong("\(name) cannot be set; use \(option)")
            }
            if Self.fixedConfigs.contains(name) {
                throw setting.wrong("\(name) cannot be set")
            }
            if name.hasPrefix("listener.name.") {
                throw setting.wrong("settings for one listener, like \(name), are not served")
            }
            let (problems, unknown, inert) = ConfigStore.check(brokerConfigs: [name: setting.text])
            if let problem = problems.first {
                throw setting.wrong(problem)
            }
            if !unknown.isEmpty {
                throw setting.wrong("Kafka has no broker config \(name)")
            }
            warnings += inert.map { "broker config \($0) has no effect here (Docs/broker-configs.md)" }
                .filter { !warnings.contains($0) }
        }
    }

    // MARK: Values

    /// Whether clients can be told to dial `host`: names of hosts have 253 characters at most, and addresses fewer.
    private static func canBeHost(_ host: String) -> Bool {
        let strangers: Set<Character> = [",", "/", "\"", "\\"]
        return (1...253).contains(host.utf8.count)
            && host.allSatisfy { !$0.isWhitespace && !strangers.contains($0) }
            && host.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    private enum AccessWord: String, CaseIterable {
        case open, required
    }

    private enum DurabilityWord: String, CaseIterable {
        case os, fsync
    }

    private static func word<T: RawRepresentable & CaseIterable>(
        _ setting: Setting?
    ) throws(StartError) -> T? where T.RawValue == String {
        guard let setting else {
            return nil
        }
        guard let value = T(rawValue: setting.text) else {
            let words = T.allCases.map(\.rawValue).joined(separator: ", ")
            throw setting.wrong("'\(setting.text)' is none of \(words)")
        }
        return value
    }

    private static func flag(_ setting: Setting?) throws(StartError) -> Bool {
        guard let setting else {
            return false
        }
        switch setting.text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw setting.wrong("'\(setting.text)' is neither true nor false")
        }
    }
}

extension TransportLimits {
    /// Kafka's own names for limits of the network; their values have been checked.
    init(brokerConfigs: [String: String]) {
        self.init()
        if let value = brokerConfigs["socket.request.max.bytes"].flatMap({ Int($0) }) {
            maxFrameBytes = value
        }
        if let value = brokerConfigs["connections.max.idle.ms"].flatMap({ Int64($0) }), value >= 0 {
            maxIdleMs = value
        }
        if let value = brokerConfigs["max.connections"].flatMap({ Int($0) }) {
            maxConnections = min(maxConnections, value)
        }
        if let value = brokerConfigs["queued.max.request.bytes"].flatMap({ Int($0) }), value > 0 {
            memoryBytes = value
        }
        if let value = brokerConfigs["socket.listen.backlog.size"].flatMap({ Int32($0) }) {
            backlog = value
        }
    }
}
